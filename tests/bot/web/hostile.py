"""Text that tries to become markup, script, style or a template, and threads made of it."""

from hypothesis import strategies as st

from retrieval.model import Attachment, AttachmentKind, Post, Thread

__all__ = ["INJECTIONS", "hostile_texts", "hostile_threads"]

INJECTIONS = (
    "<script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "<svg><script>window.pwned=1</script></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=window.pwned=1></style></math>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<object data='javascript:window.pwned=1'></object>",
    "<a href='javascript:window.pwned=1'>press</a>",
    "<form action='https://evil.example'><button>send</button></form>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "</div></li></ol></article></main><h1>Escaped</h1>",
    "</title><h1>Escaped</h1>",
    "</textarea><script>window.pwned=1</script>",
    "</mark></blockquote>",
    "--><script>window.pwned=1</script><!--",
    "<!--",
    "<![CDATA[",
    "]]>",
    "<?php echo 1 ?>",
    '" onmouseover="window.pwned=1" x="',
    "' autofocus onfocus='window.pwned=1' x='",
    "` onload=window.pwned=1 `",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# note #}",
    "{{ say.__globals__ }}",
    "${7*7}",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "&#60;script&#62;",
    "&amp;amp;",
    "&nbsp",
    "javascript:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "＜script＞window.pwned=1＜/script＞",
    "\u202e<b>txet\u202c",
    "\u2066\u2067\u2068",
    "\u2028\u2029",
    "\u0085\u000b\u000c",
    "\u200b\u200d\ufeff",
    "\ud800",
    "\x1b[31m",
    "\x01\x07\x7f",
    "#7",
    "?q=<b>&m=//",
    "../../etc/passwd",
    "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "ferry",
    "الفلاح",
    "👩‍👩‍👧",
    "\n",
    "\r\n",
    " ",
    "/",
)

hostile_texts = st.lists(st.sampled_from(INJECTIONS) | st.text(max_size=6), min_size=1, max_size=8).map(
    "".join
)
_names = st.none() | hostile_texts.map(lambda text: text.replace("\0", "") or None)
_addresses = st.none() | hostile_texts.map(lambda text: "https://posts.example/" + text.replace("\0", ""))


_attachments = st.lists(
    st.builds(Attachment, st.sampled_from(AttachmentKind), _addresses, _names), max_size=3
).map(tuple)


@st.composite
def hostile_threads(draw: st.DrawFn) -> Thread:
    drawn = draw(st.lists(hostile_texts, min_size=1, max_size=4))
    author = draw(_names)
    posts = tuple(
        Post(
            place, text.replace("\0", ""), url=draw(_addresses), author=author, attachments=draw(_attachments)
        )
        for place, text in enumerate(drawn, 1)
    )
    return Thread(posts, author=author, title=draw(_names), url=draw(_addresses))
