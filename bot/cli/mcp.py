"""``bobbin mcp``: the archive as tools for programs that speak the Model Context Protocol, over stdio."""

import asyncio
from typing import TYPE_CHECKING, Any

import click

from bot.cli.main import VERSION
from bot.json_output import serializers
from bot.json_output.contract import FUNCTIONS, NOTICE, ContractError, call
from bot.json_output.schemas import Problem
from bot.startup import open_archive, start, take_up
from retrieval.archive import Archive

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

__all__ = ["make_server", "mcp"]

_INSTRUCTIONS = (
    "An archive of saved threads. Every quote is verbatim; cite the post's url, or the address of its thread."
    f" {NOTICE}"
)


@click.command("mcp", short_help="Offer the archive to programs by MCP, over stdio.")
def mcp() -> None:
    """Offer the archive to programs that speak the Model Context Protocol, over standard input and output.

    The tools are ask, verify, thread, when, trend and threads. They see the public collections alone. It
    needs the extra: pip install "bobbin[mcp]"
    """
    try:
        from mcp.server.stdio import stdio_server  # noqa: PLC0415 - an extra that no other command needs
    except ModuleNotFoundError as error:
        raise click.ClickException('bobbin mcp needs the extra; run: pip install "bobbin[mcp]"') from error
    settings = start()
    with open_archive(settings) as archive:
        take_up(archive)
        archive.watch()
        server = make_server(archive, settings.public_url)

        async def serve() -> None:
            async with stdio_server() as (read, write):
                await server.run(read, write, server.create_initialization_options())

        asyncio.run(serve())


def make_server(archive: Archive, public_url: str | None = None) -> "Server[Any]":
    """Return the server of an archive's tools; ``public_url`` begins the addresses of pages."""
    import mcp_types as types  # noqa: PLC0415 - as above
    from mcp.server.lowlevel import Server  # noqa: PLC0415

    tools = [
        types.Tool(
            name=function.name,
            description=f"{function.does} {NOTICE}",
            input_schema=function.inputs.model_json_schema(),
            output_schema=function.outputs.model_json_schema(mode="serialization"),
            annotations=types.ToolAnnotations(
                read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
            ),
        )
        for function in FUNCTIONS.values()
    ]

    async def list_tools(_context: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools)

    async def call_tool(_context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            fields = await asyncio.to_thread(call, params.name, archive, params.arguments or {}, public_url)
        except ContractError as error:
            problem = Problem.model_validate(error.payload).model_dump()
            content = types.TextContent(text=serializers.dumps(problem))
            return types.CallToolResult(content=[content], is_error=True)
        # The same as text, for programs that do not read structured content; JSON's strings hold every quote.
        content = types.TextContent(text=serializers.dumps(fields))
        return types.CallToolResult(content=[content], structured_content=fields)

    return Server(
        "bobbin",
        version=VERSION,
        title="Bobbin",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
