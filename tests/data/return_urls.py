r"""Return links: every trick to be led elsewhere with the reason for refusing it, and good ones.

For a school with the domains below. The tricks are those of parser differentials (RFC 3986
against WHATWG), of hosts that look like another, and of what hides in a link.
"""

from __future__ import annotations

from typing import NamedTuple

from app.domain.deeplink import LONGEST, Refusal

DOMAINS = ("www.school.example", "*.roc.example")
GOOD = "https://www.school.example"


class Bad(NamedTuple):
    url: str
    why: Refusal
    trick: str


def _words(trick: str, why: Refusal, text: str) -> list[Bad]:
    return [Bad(url, why, trick) for url in text.split()]


def _after(trick: str, why: Refusal, text: str) -> list[Bad]:
    """What stands behind a good host."""
    return [Bad(GOOD + rest, why, trick) for rest in text.split()]


def _each(trick: str, why: Refusal, *urls: str) -> list[Bad]:
    return [Bad(url, why, trick) for url in urls]


FOREIGN = r"""
    https://evil.example  https://evil.example/www.school.example  https://school.example
    https://www.school.example.evil.example  https://evilwww.school.example
    https://www-school.example  https://a.www.school.example  https://roc.example
    https://evilroc.example  https://x.roc.example.evil.example  https://xroc.example/
    https://www.school.example.evil  https://www.school.exampl  https://www.school.examplee
    https://ww.school.example  https://www.evil.example/?www.school.example
    https://evil.example/?u=https://www.school.example  https://evil.example#www.school.example
    https://evil.example/https://www.school.example  https://evil.example#@www.school.example
    https://evil.example?.www.school.example  https://evil.example/.www.school.example
    https://evil.example/@www.school.example  https://evil.example?@www.school.example
    https://evil.example#.roc.example  https://evil.example/%2e%2e/www.school.example
    https://school.example.www  https://www.school-example.evil  https://wwwschool.example
    https://roc.example.evil.example  HTTPS://EVIL.EXAMPLE
    hTtPs://WWW.SCHOOL.EXAMPLE.EVIL.EXAMPLE/  https://xroc.example/.roc.example
    https://evil.example/?returnUrl=https%3A%2F%2Fwww.school.example%2F
    https://127.0.0.1.evil.example  https://localhost.evil.example
"""
LOOKALIKES = """
    https://www.schoo1.example  https://www.scho0l.example  https://vvww.school.example
    https://xn--www-school.example  https://www.xn--shool-rye.example
    https://xn--80ak6aa92e.example  https://www.school.xn--exmple-cua
    https://www.school.examp1e.evil.example  https://www.sch-ool.example
"""
SCHEMES = """
    http://www.school.example  ftp://www.school.example  file://www.school.example/etc/passwd
    file:///etc/passwd  javascript:alert(1)//www.school.example  JaVaScRiPt:alert(1)
    javascript://www.school.example/alert(1)  javascript:www.school.example  vbscript:msgbox
    data:text/html,www.school.example  data:text/html;base64,PHNjcmlwdD4=  about:blank
    intent://www.school.example#Intent;scheme=http;end  blob:https://www.school.example/1
    view-source:https://www.school.example  ws://www.school.example  wss://www.school.example
    mailto:a@www.school.example  tel:0612345678  httpss://www.school.example  x:www.school.example
    jar:https://www.school.example!/  feed:https://www.school.example
    x-https://www.school.example  android-app://www.school.example  gopher://www.school.example
    ldap://www.school.example  chrome://settings  ms-settings:privacy  http://evil.example
    http:www.school.example  %68ttps://www.school.example  https%3A//www.school.example
    https%3a%2f%2fwww.school.example
"""
RELATIVE = """
    https//www.school.example  https:www.school.example  https:/www.school.example  https:
    https:evil.example  https:/evil.example  //  //www.school.example  ///www.school.example
    //evil.example  ///evil.example  ////evil.example  /////evil.example  /  /mijn  .
    ..//evil.example  www.school.example  ://www.school.example  :https://www.school.example
    ://evil.example  https;//www.school.example  https:;//www.school.example
    ?https://www.school.example  #https://www.school.example  @www.school.example
    /%2f/evil.example  /%5cevil.example  https:%2f%2fwww.school.example  :  ;  .evil.example
    /https://www.school.example
"""
USER_INFORMATION = """
    https://evil.example@www.school.example  https://www.school.example@evil.example
    https://www.school.example:443@evil.example  https://user:pw@www.school.example
    https://@www.school.example  https://www.school.example:@evil.example
    https://:@www.school.example  https://www.school.example%2f@evil.example
    https://www.school.example&@evil.example  https://www.school.example;@evil.example
    https://www.school.example@@evil.example  https://a@b@www.school.example
    https://www.school.example%40@evil.example  https://user@evil.example:80@www.school.example
    https://www.school.example%23@evil.example  https://www.school.example%3F@evil.example
    https://www.school.example%5c@evil.example  https://www.school.example:80%40@evil.example
    https://evil.example%20@www.school.example  https://1@www.school.example.evil.example
"""
PORTS = """
    https://www.school.example:443  https://www.school.example:  https://www.school.example:8443/
    https://www.school.example:0  https://www.school.example:99999  https://www.school.example:80a
    https://www.school.example:443:443  https://:443  https://evil.example:www.school.example
    https://www.school.example:evil.example  https://www.school.example:%34%34%33
    https://www.school.example:+443  https://www.school.example:443.evil.example
    https://localhost:5000  https://127.0.0.1:8000  https://::1
"""
NO_HOST = """
    https://  https:///  https:///www.school.example  https:////www.school.example
    https:///evil.example  https://?www.school.example  https://#www.school.example
    https://www.school.example.  https://www.school.example./  https://.www.school.example
    https://www..school.example  https://www.school.example..  https://.  https://..
    https://-.roc.example  https://a-.roc.example  https://-a.roc.example  https://.roc.example
    https://*.roc.example  https://a_b.roc.example  https://a%2eroc.example
    https://%2eroc.example  https://www%2eschool%2eexample
    https://www.school.example%2eevil.example  https://www.school.example%40evil.example
    https://www.school.example%23.evil.example  https://www.school.example%2f.evil.example
    https://www.school.example%3f.roc.example  https://www.school.example%5c.evil.example
    https://evil.example%2f.roc.example  https://evil.example%23.roc.example
    https://evil.example%5c.roc.example  https://%77ww.school.example
    https://www.school.example%20  https://evil.example%252f.roc.example
    https://www.school.example!.evil.example  https://www.school.example$evil.example
    https://(www.school.example)  https://~.roc.example  https://www.school.example=evil.example
    https://www.school.example,evil.example  https://www.school.example;evil.example
    https://www.school.example&evil.example  https://www.school.example+evil.example
    https://evil.example;.roc.example  https://evil.example&.roc.example
    https://evil.example!.roc.example  https://www.school.e  https://example  https://school  https://localhost
    https://com  https://www%c2%adschool.example  https://www%e3%80%82school.example
    https://www.school.example%ef%bc%8f.roc.example  https://xn--.roc.example-
    https://xn--a.roc.example  https://xn--999999b.roc.example  https://www.xn--schol-0nb.example
    https://xn--www-school-kua.example  https://a.xn--a.roc.example
"""
NUMBERS = """
    https://127.0.0.1  https://2130706433  https://0x7f000001  https://0x7f.0.0.1
    https://0177.0.0.1  https://017700000001  https://127.1  https://0  https://0.0.0.0
    https://0x7f.1  https://169.254.169.254/latest/meta-data  https://1.roc.example.1
    https://www.school.example.0x7f  https://www.school.example.1  https://1.2.3.4.5
    https://256.256.256.256  https://0xA9FEA9FE  https://127.0.0.1.  https://www.school.example.0x
"""
BRACKETS = """
    https://[::1]  https://[::ffff:127.0.0.1]  https://[fe80::1%25eth0]  https://[::1]:443/
    https://[www.school.example]  https://www.school.example]  https://[evil.example].roc.example
    https://[v1.www.school.example]  https://[0:0:0:0:0:ffff:7f00:1]  https://[
"""
SLASHES = r"""
    https:\\www.school.example  https:/\www.school.example  https:\/www.school.example
    \\evil.example  /\evil.example  \/evil.example  \/\/evil.example  \\\evil.example
    https://www.school.example\@evil.example/  https://evil.example\@www.school.example
    https://www.school.example\.evil.example  https://evil.example\www.school.example
    https://evil.example\.roc.example  https://www.school.example/\evil.example
    https://www.school.example/a\b  https://www.school.example?\\evil.example
    https://www.school.example#\\evil.example  https://www.school.example\
    https://evil.example\\.roc.example  https://\www.school.example  https:\evil.example
    https://www.school.example:443\@evil.example  https:///\evil.example
    https://evil.example#\@www.school.example  https://evil.example?\.roc.example
"""
ESCAPES = """
    /%  /%0  /%zz  /%%30  /%u0041  /%g1  /%1  /?a=%  /#%  /%2  /%2g  /%-1  /%(x)s  /%25%  /%0a
    /%0D%0ASet-Cookie:a=b  /%00  /%1f  /%7F  /%09  /?a=%0d%0aLocation:%20https://evil.example
    /#%0a  /%250d%250aSet-Cookie:a=b  /%25250a  /%2500
    /%25%30%61  /%250%61  /%25%32%35%30a  /?a=%25%30%44%25%30%41  /#%2525%30d  /%25%2530%2530
    /%252525252525252525252541   %00.evil.example  %0d%0a.evil.example
    %09.roc.example  %00@evil.example  /%0B  /?a=1&b=%1B[31m
"""
MARKUP = """
    /"  /'  /<  />  /`  /{  /}  /|  /^  /[  /]  /"onmouseover="alert(1)  /<script>  ?<img>  #'
    /{{7*7}}  /${7*7}  /#{7*7}  /<%=7*7%>  /{%raw%}  /?a[]=1  ?a=';--  /'><svg/onload=alert(1)>
    #{{constructor.constructor('x')()}}  /@(7*7)|  /[[7*7]]  ?q=${jndi:ldap://evil.example/a}
"""
SPLIT = (
    *("ht~tps://www.school.example", "https:~//www.school.example", "https:/~/evil.example"),
    *("https://evil.example~@www.school.example", "java~script:alert(1)", "/~/evil.example"),
    *(f"{GOOD}/~Set-Cookie:a=b", f"{GOOD}/?a=~", f"{GOOD}/#~", f"{GOOD}/~", f"{GOOD}~", "~"),
)
LOCAL_NAMES = """
    http://localhost.evil.example  http://localhost@evil.example  http://localhost:80@evil.example
    http://localhost:  http://localhost:8a  http://localhost:123456  http://127.0.0.1.evil.example
    http://127.0.0.2  http://127a0b0c1  http://127.1  http://0.0.0.0  http://2130706433
    http://evil.example#localhost  http://user@localhost  http://localhost.  http://local
    http://localhost%2eevil.example  http://localhost:80.evil.example  http://localhosts
    http://evil.example/localhost  http:localhost  http://www.localhost  ftp://localhost
    ws://localhost  http:///localhost  //localhost  http://localhost;evil.example
    http://localhost&@evil.example  http://0x7f000001  http://127.0.0.1:-1  http://localhost:+80
    http://localhost:80:80
"""
CONTROLS = "\t\n\r\v\f\x00\x01\x08\x1b\x1f\x7f "
INVISIBLE = (
    "\x80\x85\xa0\xad\u034f\u061c\u115f\u1680\u180e\u2000\u200b\u200c\u200d\u200e\u200f"
    "\u2028\u2029\u202a\u202e\u2060\u2066\u2069\u3000\u3164\ufe0f\ufeff\ufff9\U000e0001\ud800\udfff"
)
DOTS = "\u3002\uff0e\uff61\u2024\u00b7\u0387\u2027\u30fb\u0589"  # what is read, or seen, as a dot
SIGNS = (
    "\uff0f\u2044\u2215\uff3c\uff20\uff1f\uff03\uff1a\u2100\u2488\u037e"  # as / \ @ ? # : c/o 1. ;
)
LETTERS = [
    "https://www.sch\u043e\u043el.example",  # Cyrillic o
    "https://www.\u0455chool.example",  # Cyrillic dze
    "https://www.scho\u03bfl.example",  # Greek omicron
    "https://\uff57\uff57\uff57.school.example",  # full width
    "https://\u24e6\u24e6\u24e6.school.example",  # in circles
    "https://www.\u017fchool.example",  # long s, which becomes s
    "https://\ufb03.roc.example",  # one sign that becomes ffi
    "https://www.scho\u00f6l.example",
    "https://www.\U0001d530\U0001d520hool.example",  # mathematical
    "https://\u2460\u2461\u2466.0.0.1",
    "https://\u0661\u0662\u0667.0.0.1",  # Arabic digits
    "https://www.s\u0441hool.example",
    "https://www.school.example/\u00e9",
    "https://www.school.example/?a=\u20ac",
    "https://www.school.example/#\U0001f600",
    "http\u017f://www.school.example",
    "https://stra\u00dfe.roc.example",
    "https://\u212a.roc.example",  # Kelvin's sign, which becomes k
    "https://www.school\u0338.example",
    "\uff48\uff54\uff54\uff50\uff53://www.school.example",
]
LONGEST_NAME = "a." * 119 + "aaa.roc.example"  # 253 characters
HIDDEN = (
    f"{GOOD}%s/",
    "https://www.scho%sol.example",
    "https://evil.example%s.roc.example",
    "%s" + GOOD,
)

LONG_HOSTS = [
    f"https://{text}.roc.example" for text in ("a" * 64, "a." * 119 + "aaaa", f"xn--{'a' * 60}")
]
LONG_URLS = [
    f"{GOOD}/{'a' * (LONGEST - len(GOOD))}",
    *(f"{GOOD}/?{sign * LONGEST}" for sign in ("/", "%", "\u00e9", "\x00", "a=1&")),
    f"https://{'a.' * LONGEST}roc.example",
]

HOSTILE: tuple[Bad, ...] = (
    *_words("other host", Refusal.FOREIGN_HOST, FOREIGN),
    *_words("lookalike", Refusal.FOREIGN_HOST, LOOKALIKES),
    *_words("scheme", Refusal.NOT_HTTPS, SCHEMES),
    *_words("relative", Refusal.NOT_HTTPS, RELATIVE),
    *_words("user information", Refusal.USERINFO, USER_INFORMATION),
    *_words("port", Refusal.PORT, PORTS),
    *_words("no host", Refusal.NOT_A_HOST, NO_HOST),
    *_words("number", Refusal.NOT_A_HOST, NUMBERS),
    *_each("long", Refusal.NOT_A_HOST, *LONG_HOSTS),
    *_each("long", Refusal.TOO_LONG, *LONG_URLS),
    *_words("bracket", Refusal.BAD_CHARACTERS, BRACKETS),
    *_words("backslash", Refusal.BAD_CHARACTERS, SLASHES),
    *_after("escape", Refusal.BAD_CHARACTERS, ESCAPES),
    *_after("markup", Refusal.BAD_CHARACTERS, MARKUP),
    *_each("control", Refusal.BAD_CHARACTERS, *(text % c for c in CONTROLS for text in HIDDEN)),
    *_each("control", Refusal.BAD_CHARACTERS, *(text.replace("~", "\t") for text in SPLIT)),
    *_each("control", Refusal.BAD_CHARACTERS, *(text.replace("~", "\r\n") for text in SPLIT)),
    *_each("invisible", Refusal.NOT_ASCII, *(text % c for c in INVISIBLE for text in HIDDEN)),
    *_each("other dot", Refusal.NOT_ASCII, *(GOOD.replace(".", dot) for dot in DOTS)),
    *_each("other dot", Refusal.NOT_ASCII, *(f"{GOOD}{dot}evil.example" for dot in DOTS)),
    *_each("other dot", Refusal.NOT_ASCII, *(f"https://evil{dot}roc.example" for dot in DOTS)),
    *_each("other sign", Refusal.NOT_ASCII, *(f"{GOOD}{sign}evil.example" for sign in SIGNS)),
    *_each("other sign", Refusal.NOT_ASCII, *(f"https://evil{s}.roc.example" for s in SIGNS)),
    *_each("letter", Refusal.NOT_ASCII, *LETTERS),
)
TRICKS = tuple(dict.fromkeys(bad.trick for bad in HOSTILE))

# Where this machine counts for every school (not in production), and only this machine.
ELSEWHERE: tuple[Bad, ...] = (
    *_words("local", Refusal.NOT_HTTPS, LOCAL_NAMES),
    *_words(
        "local", Refusal.PORT, "http://localhost:0  http://127.0.0.1:65536/  http://localhost:99999"
    ),
    *_words("local", Refusal.BAD_CHARACTERS, r"http://localhost\@evil.example  http://[::1]"),
)
LOCAL = {
    "http://localhost": "http://localhost/",
    "http://localhost:5000/terug?a=1": "http://localhost:5000/terug?a=1",
    "HTTP://LOCALHOST/": "http://localhost/",
    "http://127.0.0.1:65535/": "http://127.0.0.1:65535/",
    "http://127.0.0.1:1?a#b": "http://127.0.0.1:1/?a#b",
}

_AS_IT_IS = """
    /  /a  /a/  /a/b;c=1?x=1&y=a%20b&z=https://evil.example/#deel-2  //evil.example
    /@evil.example  /%2f%2fevil.example  /%5cevil.example  /~naam/(1)!*$+,  /?  /#  /?#  /?a  /?a=
    /?=a  /?a=1&a=2  /?a=1&&b=2  /?a=b=c?d/e  /?status=oud&kenmerk=eigen&caKetenId=1
    /?naam=Ren%C3%A9e  /?naam=Ren%E9e  /?naam=a+b%2Bc  /#/aanmelden/klaar?stap=2  /?a=1#b#c
    /../x/./y  /index.php?option=com_content&view=article&id=12:open-dag
    /?u=https%3A%2F%2Fevil.example%2F  /?korting=100%25  /?a=%2520b  /a:b@c:d
    /?mail=jan@school.example  /?_ga=2.1-3~4  /%E2%80%AE  /.well-known/x
"""
ALLOWED = {
    **{GOOD + rest: GOOD + rest for rest in _AS_IT_IS.split()},
    GOOD: f"{GOOD}/",
    f"{GOOD}?a=1": f"{GOOD}/?a=1",
    f"{GOOD}#klaar": f"{GOOD}/#klaar",
    f"{GOOD}?": f"{GOOD}/?",
    "HTTPS://WWW.School.EXAMPLE/Pad?A=b": f"{GOOD}/Pad?A=b",
    "hTTps://X.ROC.example": "https://x.roc.example/",
    "https://x.roc.example/": "https://x.roc.example/",
    "https://a.b.c.roc.example/": "https://a.b.c.roc.example/",
    "https://www.school.example.roc.example/": "https://www.school.example.roc.example/",
    "https://xn--bcher-kva.roc.example/": "https://xn--bcher-kva.roc.example/",
    "https://1.roc.example/": "https://1.roc.example/",
    "https://a--b.roc.example/": "https://a--b.roc.example/",
    f"https://{'a' * 63}.roc.example/": f"https://{'a' * 63}.roc.example/",
    f"https://{LONGEST_NAME}/": f"https://{LONGEST_NAME}/",
    f"{GOOD}/{'a' * (LONGEST - len(GOOD) - 1)}": f"{GOOD}/{'a' * (LONGEST - len(GOOD) - 1)}",
}
