"""Signs by which machines can be told from people, in the words and headers they use.

Words are looked for where machines put them: at the beginning of a subject or a text. What somebody forwards or quotes
begins otherwise, and a complaint may speak of bounces and of absences as it likes.
"""

import re
from typing import Final

#: Local parts, letters only.
DAEMONS: Final = frozenset(
    {"mailerdaemon", "maildaemon", "maildeliverysystem", "maildeliverysubsystem", "mailer"}
)
POSTMASTERS: Final = frozenset(
    {"postmaster", "mailadmin", "mailadministrator", "mailmaster", "systemadministrator"}
)
DAEMON_NAMES: Final = re.compile(
    r"mailer.?daemon|mail delivery (sub)?system|mail(box)? administrator|mail system|mail delivery service|"
    r"microsoft outlook\Z|microsoft exchange",
    re.IGNORECASE,
)
NO_REPLY: Final = re.compile(
    r"(?i)(do.?not.?reply|no.?reply|no.?responder|ne.?pas.?repondre|nicht.?antworten|keine.?antwort|"
    r"nao.?responda|"
    r"non.?rispondere|niet.?beantwoorden|bounces?|notifications?|noresponse|unattended|robot)([-+._].*)?\Z"
)
PASSED_ON: Final = re.compile(
    r"(?i)\s*(re|fwd?|aw|wg|tr|rv|sv|vs|vb|antw|odp|pd|r|i|doorst|vl|ynt|ilt|enc|res)\s*(\[\d+\])?:"
)

FAILED: Final = re.compile(
    r"(?i)[\W_]{0,20}(warning:\s*)?("
    r"undeliver(ed|able|y)|returned (mail|email|to sender)|return(ed)? receipt failed|failure notice|"
    r"failed (mail|delivery|message)|failed to deliver|"
    r"(e-?mail|mail|message|delivery)( (system|status|delivery|server|report|to \S+))*"
    r"( notification)?[ :(-]*\(?(has |was |is )?(fail(ed|ure)?|error|problem|returned|rejected|"
    r"aborted|undeliver|blocked)|"
    r"delivery (status )?(notification|report|status)|mail status report|"
    r"non.?delivery|(mail|message|e-?mail)( you sent)?( was| could)? not (be )?(delivered|sent)|"
    r"could ?n.t (send|deliver)|could not (send|deliver)|unable to deliver|rejected( mail| message)?:|"
    r"postmaster notify|user unknown|mailbox (is )?full|nondeliverable|"
    r"unzustellbar|nicht zustellbar|zustellung .{0,20}fehl|zustellfehler|fehler bei der zustellung|"
    r"non remis|message non (distribu|d.livr)|.chec de (la )?(remise|distribution|livraison)|"
    r"courrier non remis|"
    r"no se (ha )?(puede|podido|pudo) entregar|no entregado|no se puede entregar|error de entrega|devuelto|"
    r"mancat[oa] (consegna|recapito)|impossibile recapitare|non recapitabile|"
    r"onbestelbaar|niet (af)?geleverd|kan niet (worden )?bezorg|"
    r"n.o (foi )?entregue|falha (na|de) entrega|mensagem n.o entregue|"
    r"kan ikke leveres|ikke levert|gick inte att leverera|olevererbart|toimitus ep.onnistui|"
    r"niedostarczon|nie dostarczono|niedor.cz|nedoru.iteln|doru.en. se nezda|k.zbes.t.s sikertelen|"
    r"недостав|не достав|ваше сообщение не|сообщение не|teslim edilemedi|"
    r"配信不能|配信エラー|送信できません|配達不能|退信|系统退信|无法送达|無法傳遞|郵件無法|전달할 수 없|반송"
    r")"
)
DELAYED: Final = re.compile(
    r"(?i)[\W_]{0,20}(warning[:,]?\s*)?("
    r"(delivery (status )?notification|delivery report|mail delivery|message|e-?mail|"
    r"delivery)[^\n]{0,30}(delay|deferred)|"
    r"delayed|deferred|could not send message for( the)? past|message .{0,20}(still )?undelivered after|"
    r"verz.ger|zustellung verz|retard|retras|ritard|vertra|opóźni|задерж)"
)
ARRIVED: Final = re.compile(
    r"(?i)[\W_]{0,20}("
    r"(delivery (status )?notification|delivery report)[ :(-]*\(?(success|relay|expand)|delivered:|"
    r"relayed:|expanded:|"
    r"successful (mail )?delivery|mail delivery (status )?report success|read:|gelesen:|zugestellt:|"
    r"lu\s?:|le.do:|"
    r"letto:|gelezen:|l.st:|lido:|otwarto:|прочитано:|return receipt|read receipt|lesebest.tigung)"
)
_CODES = (
    r"\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b|#[45]\.\d{1,3}\.\d{1,3}\b|\bstatus:\s*[245]\.\d{1,3}\.\d{1,3}\b|"
    r"^\W{0,9}[45]\d\d[ -][^\n]{0,80}(user|mailbox|recipient|address|relay|domain|spam|reject|quota|unknown|action)|"
    r"\b(smtp|server|host|remote)[^\n]{0,60}\b[45]\d\d\b[ -]|\brcpt to:|user unknown|unknown user|"
    r"no such (user|mailbox)|recipient address rejected"
)
#: What only a server says: "550 5.1.1", "#5.1.1", "451 …", each at a place where no sum of money stands.
SERVER_CODES: Final = re.compile(rf"(?i)({_CODES})", re.MULTILINE)
#: The same, and what people say too: to be believed of a mail that is from a server anyway.
SERVER_WORDS: Final = re.compile(
    rf"(?i)({_CODES}|"
    r"mailbox (is )?(full|unavailable)|invalid (user|recipient|mailbox)|"
    r"(not|n't|unable to|failed to|error) (be )?deliver|delivery to the following|undeliverable)",
    re.MULTILINE,
)
ABSENT: Final = re.compile(
    r"(?i)[\W_]{0,20}("
    r"(out of (the )?office|ooo)( auto.?reply| reply| message| notification| assistant)?\s*([:!,(–—-]|\Z)|"
    r"auto(matic|mated)?[- ]?(re(ply|sponse|sponder|turn)|respond(er)?|answer|message)\b|auto:\s|autoreply|"
    r"(on )?vacation( (auto.?)?(reply|message|response|notice))?\s*([:!(–—-]|\Z)|"
    r"away from (my )?(mail|office|desk)\s*([:!-]|\Z)|"
    r"automatische? (antwort|r.ckantwort|abwesenheit|antwoord|beantwoording)|abwesenheits?(notiz|"
    r"benachricht|meldung|assist|info)|"
    r"(ich bin )?(nicht im b.ro|au.er haus)\s*([:!-]|\Z)|automatisch (antwoord|bericht)|afwezig(heid)?\b|"
    r"r.ponse automatique|absence du bureau|message d.absence|absent du bureau|"
    r"respuesta autom.tica|fuera de (la )?oficina|ausente|"
    r"risposta automatica|fuori (sede|ufficio)|assenza dall|"
    r"resposta autom.tica|fora do escrit.rio|"
    r"autosvar|automatisk(t)? sv[ae]r|fr.nvaro|frav.r|automaattinen vastaus|poissa|"
    r"autoodpowied|odpowied. automatyczna|automatyczna odpowied|nieobecno|"
    r"automatick. odpov|automatikus v.lasz|r.spuns automat|automatski odgovor|samodejni odgovor|"
    r"автоответ|автоматическ(ий|ое) (ответ|сообщ)|вне офиса|автоматична відповідь|"
    r"otomatik yan|otomatik cevap|αυτόματη απάντηση|"
    r"自动回复|自動回覆|自動返信|自動応答|不在通知|자동 회신|자동응답|부재중"
    r")"
)
#: A text that begins by saying that nobody wrote it.
SAYS_SO: Final = re.compile(
    r"(?i)(this (is|message is|e-?mail is|message was|e-?mail was) (an? )?(auto(matic(ally)?|mated|-?)[- ]?)"
    r"(generated|sent|reply|response|message|e-?mail|answer|notification|acknowledge)|"
    r"dies(e|er)? (ist|e-?mail (ist|wurde)|nachricht (ist|wurde)|antwort (ist|wurde)) (eine )?automatisch|"
    r"automatisch (erstellte|generierte|erzeugte|versandte) (antwort|nachricht|e-?mail)|"
    r"ceci est (une r.ponse|un (message|e-?mail|courriel)) (automatique|g.n.r. automatiquement)|"
    r"(este|esta) es (un mensaje|una respuesta|un correo) (autom.tic|generad)|"
    r"questo . un (messaggio|e-?mail) (automatic|generat)|questa . una (risposta|e-?mail) (automatic|"
    r"generat)|"
    r"dit is een automatisch|esta . uma (resposta|mensagem) autom.tica|dette er (et automatisk|"
    r"en automatisk)|"
    r"detta .r ett automatiskt|t.m. on automaattinen|to jest (automatyczna|wiadomo.. automatyczna|"
    r"wiadomo.. wygenerowana)|"
    r"это автоматическ|данное (сообщение|письмо) .{0,20}автоматическ|"
    r"これは自動|本メールは自動|此为?(邮件为)?(系统)?自动)"
)
