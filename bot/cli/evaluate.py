"""``bobbin evaluate``: ranking quality on collections with judgements."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli import eval_tables, options
from bot.cli.eval_tables import EvaluatedCollection, RankedSearch
from bot.cli.terminal import escape_terminal, language_called, terminal_style
from bot.json_output import serializers
from retrieval.evaluation.asking import Template, compare_wrapped, load_templates, wrap
from retrieval.evaluation.bench import Bench
from retrieval.evaluation.collection import Judged, evenly, load
from retrieval.evaluation.follow_ups import FollowUps, converse, pairs, sum_up
from retrieval.evaluation.foreign import Foreign, compare
from retrieval.evaluation.measures import QueryResult, Search, answer_lines, measure, trec_run
from retrieval.evaluation.misspelling import MisspeltMeasures, misspellings
from retrieval.evaluation.peers import PEERS, MissingPeerError

__all__ = ["evaluate"]

_SEED = 20


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is measured beside the archive's own ranking."""

    peers: bool
    misspelt: bool
    follow_ups: bool
    seed: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class _Subject:
    """A collection on the bench, with the results of its own questions."""

    judged: Judged
    bench: Bench
    results: Mapping[str, QueryResult]
    unanswerable: Mapping[str, QueryResult]


_Pairs = Mapping[str, tuple[QueryResult, QueryResult]]


@click.command(short_help="Measure how well posts are found.")
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    metavar="DIR...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--peers", is_flag=True, help="Measure other BM25 programs beside it, on the same questions.")
@click.option("--foreign", is_flag=True, help="Put each collection's questions to the others' archives, too.")
@click.option("--misspelt", is_flag=True, help="Ask once more with one letter wrong in each question.")
@click.option("--follow-ups", is_flag=True, help="Ask pairs of questions about one thread as conversations.")
@click.option(
    "--asking",
    "asking_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask once more as people write in a chat, by the templates of a file.",
)
@click.option(
    "--answers", "answers_file", metavar="FILE", help="Write verdict and posts, a line of JSON each."
)
@click.option("--run", "run_file", metavar="FILE", help="Write the ranking as a TREC run.")
@options.language
@click.option(
    "--limit", type=options.WholeNumber(1), help="At most so many questions of each, evenly spread."
)
@click.option("--seed", type=int, default=_SEED, show_default=True, help="What --misspelt draws by.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def evaluate(  # noqa: PLR0913 - each is an option of the command
    *,
    folders: tuple[Path, ...],
    peers: bool,
    foreign: bool,
    misspelt: bool,
    follow_ups: bool,
    asking_file: Path | None,
    answers_file: str | None,
    run_file: str | None,
    language: str | None,
    limit: int | None,
    seed: int,
    as_json: bool,
) -> None:
    """Measure how well posts are found on collections with judgements.

    DIR holds corpus.jsonl (id, text, thread, pos), queries.jsonl (id, text) and qrels.tsv (question,
    post, grade); BEIR's layout is read as well. Each becomes an archive of its own, which is gone
    afterwards. Questions without a relevant post are foreign: nothing there answers them. A template is a
    line of JSON with the question's place in it: {"kind": "greeting", "template": "hey, {q}"}. With several
    collections, --run and --answers put the collection's name into the name of each FILE.
    """
    collections = [load(folder) for folder in folders]
    _check(collections, foreign=foreign, run_file=run_file, answers_file=answers_file)
    templates = tuple(load_templates(asking_file)) if asking_file else ()
    measures = _Measures(peers=peers, misspelt=misspelt, follow_ups=follow_ups, seed=seed, limit=limit)
    style = terminal_style(sys.stdout)
    subjects, evaluated = [], []
    for whole in collections:
        judged = whole.only(evenly(list(whole.questions), limit))
        bench = Bench.build(judged, language)
        unanswerable = replace(judged, questions=judged.unanswerable)
        subject = _Subject(
            judged,
            bench,
            _ask_all(judged, judged.name, bench.ask),
            _ask_all(unanswerable, f"{judged.name}: unanswerable", bench.ask),
        )
        wrapped = {template: _wrapped(subject, template) for template in templates}
        result = replace(
            _evaluate(whole, subject, measures),
            wrapped=tuple(
                compare_wrapped(judged, template, own, list(unanswerable_pairs.values()))
                for template, (own, unanswerable_pairs) in wrapped.items()
            ),
        )
        subjects.append(subject)
        evaluated.append(result)
        one_of_many = judged if len(collections) > 1 else None
        if run_file:
            _write_run(_file_of(run_file, one_of_many), subject.results)
        if answers_file:
            _write_answers(_file_of(answers_file, one_of_many), subject, wrapped)
        if not as_json:
            click.echo(eval_tables.collection(result, style), nl=False)
    abroad = _abroad(subjects) if foreign else None
    if as_json:
        click.echo(serializers.dumps(eval_tables.json_object(evaluated, abroad)))
    elif abroad:
        click.echo(eval_tables.foreign(abroad, style), nl=False)


def _check(
    collections: Sequence[Judged], *, foreign: bool, run_file: str | None, answers_file: str | None
) -> None:
    """Refuse what could not be finished, before anything takes time."""
    names = [judged.name for judged in collections]
    if len(set(names)) < len(names):
        raise click.UsageError(
            "Two of the folders have the same name; rename one, so that they can be distinguished."
        )
    if foreign and len(collections) == 1 and not collections[0].unanswerable:
        raise click.UsageError("--foreign puts each collection's questions to the others; name two or more.")
    if run_file:
        named = (
            name
            for judged in collections
            for name in (*judged.questions, *(post.id for post in judged.posts))
        )
        spaced = next((name for name in named if " " in name), None)
        if spaced is not None:
            raise click.UsageError(
                f"The id {escape_terminal(spaced)!r} has a space in it, "
                "which a TREC run cannot hold; leave out --run."
            )
    for file, content in ((run_file, "run"), (answers_file, "answers")):
        if file and not (folder := Path(file).absolute().parent).is_dir():
            raise click.UsageError(f"There is no folder {folder} to write the {content} to; make it first.")


def _evaluate(whole: Judged, subject: _Subject, measures: _Measures) -> EvaluatedCollection:
    """Measure one collection; follow-ups are looked for among all its questions, sampled or not."""
    judged = subject.judged
    rankers = [RankedSearch("bobbin", measure(judged, subject.results))]
    if measures.peers:
        rankers += _peers(subject)
    return EvaluatedCollection(
        name=judged.name,
        posts=len(judged.posts),
        threads=len({post.thread for post in judged.posts}),
        questions=len(judged.questions),
        notes=(*judged.notes, f"read as {language_called(subject.bench.analyzer.language)}"),
        rankers=tuple(rankers),
        misspelt=_misspelt(subject, measures.seed) if measures.misspelt else None,
        follow_ups=_follow_ups(whole, subject.bench, measures.limit) if measures.follow_ups else None,
    )


def _peers(subject: _Subject) -> Iterator[RankedSearch]:
    for peer in PEERS:
        try:
            search = peer.build(subject.judged, subject.bench.analyzer)
        except MissingPeerError as error:
            yield RankedSearch(peer.name, missing=str(error))
            continue
        results = _ask_all(subject.judged, f"{subject.judged.name}: {peer.name}", search)
        yield RankedSearch(peer.name, measure(subject.judged, results))


def _misspelt(subject: _Subject, seed: int) -> MisspeltMeasures:
    judged, bench = subject.judged, subject.bench
    slipped = misspellings(judged.questions, bench.analyzer, seed)
    asked = Judged(judged.name, judged.posts, slipped, judged.grades)
    corrected = _ask_all(asked, f"{judged.name}: misspelt", bench.ask)
    uncorrected = _ask_all(asked, f"{judged.name}: misspelt, uncorrected", bench.uncorrected())
    return MisspeltMeasures(
        clean=measure(judged, subject.results).ndcg_10,
        misspelt=measure(judged, corrected).ndcg_10,
        uncorrected=measure(judged, uncorrected).ndcg_10,
        untouched=sum(slipped[name] == text for name, text in judged.questions.items()),
    )


def _follow_ups(whole: Judged, bench: Bench, limit: int | None) -> FollowUps | None:
    """Hold every pair as a conversation, at most ``limit`` of them; ``None`` where there is no pair."""
    chosen = evenly(pairs(whole, bench.analyzer), limit)
    if not chosen:
        return None
    exchanges = []
    with _progress(f"{whole.name}: follow-ups", len(chosen)) as progress:
        for pair in chosen:
            exchanges.append(converse(bench, pair))
            progress.advance(progress.task_ids[0])
    return sum_up(whole, exchanges)


def _abroad(subjects: Sequence[_Subject]) -> Foreign:
    answers = {
        (asks.judged.name, asked.judged.name): list(
            _ask_all(asks.judged, f"{asks.judged.name} to {asked.judged.name}", asked.bench.ask).values()
        )
        for asks in subjects
        for asked in subjects
        if asks is not asked
    }
    for subject in subjects:
        if subject.unanswerable:
            name = subject.judged.name
            answers[f"{name}, unanswerable", name] = list(subject.unanswerable.values())
    return compare([(subject.judged, subject.results) for subject in subjects], answers)


def _wrapped(subject: _Subject, template: Template) -> tuple[_Pairs, _Pairs]:
    """Ask the own and the unanswerable questions in a template; return each with its plain result."""
    judged = subject.judged

    def ask(plain: Mapping[str, QueryResult], questions: Mapping[str, str]) -> _Pairs:
        wrapped = {name: wrap(template, text) for name, text in questions.items()}
        asked = replace(judged, questions=wrapped)
        results = _ask_all(asked, f"{judged.name}: {template.text}", subject.bench.ask)
        return {name: (plain[name], result) for name, result in results.items()}

    return ask(subject.results, judged.questions), ask(subject.unanswerable, judged.unanswerable)


def _ask_all(judged: Judged, doing: str, search: Search) -> dict[str, QueryResult]:
    results = {}
    with _progress(doing, len(judged.questions)) as progress:
        for name, question in judged.questions.items():
            results[name] = search(question)
            progress.advance(progress.task_ids[0])
    return results


@contextmanager
def _progress(doing: str, total: int) -> Iterator[Progress]:
    """Show on standard error, where it is a terminal, how far one thing is."""
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    progress.add_task(escape_terminal(doing, line=True), total=total)
    with progress:
        yield progress


def _file_of(file: str, judged: Judged | None) -> Path:
    """Return the file to write; with a collection, its name stands before the last ending."""
    path = Path(file)
    return path if judged is None else path.with_name(f"{path.stem}.{judged.name}{path.suffix}")


def _write_run(path: Path, results: Mapping[str, QueryResult]) -> None:
    lines = trec_run({name: result.ranking for name, result in results.items()})
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _write_answers(path: Path, subject: _Subject, wrapped: Mapping[Template, tuple[_Pairs, _Pairs]]) -> None:
    lines = list(answer_lines({**subject.results, **subject.unanswerable}))
    for template, (own, foreign) in wrapped.items():
        results = {name: result for name, (_, result) in {**own, **foreign}.items()}
        lines += answer_lines(results, template.text)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
