"""Hostile HTML and Markdown that a build lets in, cleaned: in a story, a person, a page and a comment."""

from __future__ import annotations

import json
import time

from plugins.stories import check_content

from .harmless import assert_harmless, page_problems

SCRIPTS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
    "<script/x>alert(1)</script\n>",
    "<style>body{background:url(https://evil.example)}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<iframe src=https://evil.example></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=https://evil.example></object><embed src=x.swf><applet code=x></applet>",
    "<base href=https://evil.example/>",
    '<meta http-equiv=refresh content="0; url=https://evil.example">',
    "<form action=https://evil.example><input name=password><button formaction=javascript:alert(1)>Go</form>",
    "</main></body></html><script>alert(1)</script>",
    "</div></article></main><h1>Not ours</h1>",
    "<main><main>",
    "<p onclick=alert(1) onmouseover='alert(1)' style='position:fixed'>x</p>",
    "<p/onclick=alert(1)>x",
    "<img src=x onerror=alert(1)>",
    '<img alt="><script>alert(1)</script>" src="door.jpg">',
    '<img src="/stories/x/y.jpg" alt="><svg onload=alert(1)>">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<math href=javascript:alert(1)>x</math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>alert(1)</script>",
    '<title><a title="</title><img src=x onerror=alert(1)>"></title>',
    "<xmp><script>alert(1)</script></xmp><plaintext>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php system('id') ?>",
    "<p id=main class=site-head>x</p><a name=body>x</a>",
    "<video src=https://evil.example/v autoplay><source src=x></video><audio src=https://evil.example/a>",
    "<img src=https://evil.example/pixel.gif srcset='https://evil.example/2 2x' alt=x>",
    "<picture><source srcset=https://evil.example/x><img src=//evil.example/x></picture>",
    "<img src=/\\evil.example/x><img src=///evil.example/x>",
    "<img src=http:evil.example><img src=https:/evil.example>",
    "<img src=/.//evil.example/x.png><img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<a href=https://evil.example target=_blank rel='me opener' ping=https://evil.example>x</a>",
    "<table background=https://evil.example><td style=x:expression(1)>x</table>",
    "<bdo dir=rtl>x</bdo><marquee onstart=alert(1)>x</marquee><portal src=x>",
    "<dialog open>x</dialog><details ontoggle=alert(1) open>x</details>",
    "<a href='x' <script>alert(1)</script>>x</a>",
    "<<script>alert(1)//<</script>",
    "<b><i></b></i><p><table><tr><p><a href=x><a href=y>",
]
MARKDOWN = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#115;cript:alert(1))",
    "[a](&#x6A;avascript&colon;alert(1))",
    "[a](java&Tab;script:alert(1))",
    "[a](java&NewLine;script:alert(1))",
    "[a](%6aavascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](  javascript:alert(1))",
    "[a](vbscript:msgbox) [b](data:text/html;base64,PHNjcmlwdD4=) [c](file:///etc/passwd) [d](blob:x)",
    "[a]\n\n[a]: javascript:alert(1)",
    "[a][b]\n\n[b]: <javascript:alert(1)> 'x'",
    '<javascript:alert(1)> <data:text/html,x> <https://e.example/"onmouseover=alert(1)>',
    "<java&#115;cript:alert(1)>",
    "![a]\n\n[a]: https://evil.example/pixel.gif",
    '[a](https://e.example "onmouseover=alert(1) x=\\"")',
    "[a](https://e.example 'x\" onmouseover=\"alert(1)')",
    "[a](https://e.example){ onclick=alert(1) style=color:red .site-head #main }",
    "# Head { onclick=alert(1) }",
    "{: onclick=alert(1) }",
    '```"><script>alert(1)</script>\ncode\n```',
    "```python onclick=alert(1)\ncode\n```",
    '``` { .python onclick="alert(1)" data-x="<script>" }\n<script>alert(1)</script>\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "a|b\n-|-\n<script>alert(1)</script>|<img src=x onerror=alert(1)>",
    "<div markdown=1>\n[a](javascript:alert(1))\n</div>",
    "<div>\n\n[a](javascript:alert(1))\n\n</div>",
    "*a<script>alert(1)</script>*",
    "wzxhzdk:0 klzzwxh:0001",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;alert(1)&#60;/script&#62;",
    "[x]: <> 'a'\n[y]: javascript:alert(1) (b)",
    "[TOC] [^1] *[HTML]: x\n\n[^1]: javascript:alert(1)",
]
IMAGES = "![a](javascript:alert(1)) ![a](https://evil.example/pixel.gif) ![a](//evil.example/x.gif)"
PAYLOADS = SCRIPTS + MARKDOWN
COMMENT = {"id": "1", "parent": None, "published": "2026-05-02T10:00:00Z", "staff": None, "html": "<p>x</p>"}


def test_nothing_hostile_stays_wherever_it_is_written(site):
    started = time.perf_counter()
    for place, payload in enumerate(PAYLOADS):
        site.story(f"hostile-{place}", f"Before.\n\n{payload}\n\nAfter.\n", answers="ada-brook")
    alone = IMAGES + "\n\n" + "\n\n".join(payload for payload in PAYLOADS)
    site.write("people/hostile.md", f"---\nname: Hostile\nkind: guest\n---\n{alone}\n")
    site.write("pages/hostile.md", f"---\ntitle: Hostile\nversion: 1\n---\n{alone}\n")
    comments = [
        {**COMMENT, "id": str(place), "html": payload, "author": payload, "url": "javascript:alert(1)"}
        for place, payload in enumerate(PAYLOADS)
    ]
    comments.append(
        {**COMMENT, "id": '"><script>alert(1)</script>', "author": "x", "url": 'https://e.org/"onclick='}
    )
    site.write("conversations/the-first-day.json", json.dumps({"provider": "isso", "comments": comments}))
    site.build(SITEURL="", FEED_DOMAIN="https://small.example.org", FEED_MAX_ITEMS=500)
    assert_harmless(site.output)
    for place in range(len(PAYLOADS)):
        page = site.page(f"stories/hostile-{place}/")
        assert "<p>Before.</p>" in page
        assert 'class="site-foot"' in page
    assert time.perf_counter() - started < 60


def test_a_picture_of_another_host_is_refused_in_a_story(site):
    site.story("hostile", f"Words.\n\n{IMAGES}\n")
    found = [f for f in check_content(site.content).findings if f.level == "error"]
    assert {(f.path, f.line) for f in found} == {("content/stories/hostile/index.md", 12)}
    assert len(found) == 3


def test_the_assertion_itself_sees_what_it_looks_for():
    page = "<!doctype html><title>x</title><body><main>{}</main>"
    assert page_problems(page.format("<p>x</p>")) == []
    for hostile in (
        "<script>alert(1)</script>",
        "<p onclick=x>",
        "<p style=x>",
        "<a href='java\tscript:x'>",
        "<a href=data:x>",
        "<img src=https://evil.example/x>",
        "<img src=//evil.example/x>",
        "<iframe>",
        "<form>",
        "<base>",
        "<svg>",
        "<meta http-equiv=refresh content=0>",
        "</main><main>",
        "<a rel=opener>",
    ):
        assert page_problems(page.format(hostile)) != [], hostile
