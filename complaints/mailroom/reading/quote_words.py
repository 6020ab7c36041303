"""The words by which mail programs introduce what they quote, in the languages we meet."""

import re
from typing import Final

_HEADS: Final = {
    "from": "from|von|de|da|van|od|fra|från|lähettäjä|remitente|mittente|afzender|expéditeur|feladó|"
    "gönderen|kimden|"
    "odesílatel|отправитель|от|від|από|差出人|发件人|寄件者|보낸 사람",
    "date": "date|sent|date sent|sent on|date/time|datum|gesendet|envoyé|data|enviado|enviada em|"
    "enviado em|enviado el|"
    "inviato|fecha|dato|sendt|skickat|verzonden|lähetetty|päiväys|wysłano|wysłane|odesláno|odoslané|"
    "elküldve|tarih|"
    "gönderildi|отправлено|дата|надіслано|ημερομηνία|送信日時|日時|发送时间|日期|寄件日期|보낸 날짜",
    "to": "to|an|à|a|para|aan|naar|til|till|do|komu|címzett|kime|vastaanottaja|destinatario|"
    "destinataire|pour|кому|προς|"
    "宛先|收件人|받는 사람",
    "subject": "subject|betreff|betr|objet|objeto|oggetto|asunto|assunto|onderwerp|emne|ämne|aihe|"
    "temat|předmět|predmet|"
    "tárgy|konu|тема|θέμα|件名|主题|主旨|제목",
    "other": "cc|bcc|cci|kopie|copie|copia|kopia|kopi|importance|priority|wichtigkeit|priorität|"
    "attachments|anlagen|"
    "allegati|organization|reply-to|reply to|antwort an|responder a|répondre à|risposta|dw|копия|"
    "в копии|抄送|副本",
}
#: Label -> which of the four that every mail program writes above a letter it quotes.
LABELS: Final = {label: kind for kind, labels in _HEADS.items() for label in labels.split("|")}

ORIGINAL: Final = re.compile(
    r"(?i)[>\s]{0,9}[-_*=]{2,60}\s{0,3}("
    r"original.{0,3}(message|nachricht|e-?mail|meddelelse|meddelande|bericht)|"
    r"urspr.ngliche (nachricht|e-?mail|mail)|"
    r"message (d'origine|original|transf.r.|initial)|mensaje (original|reenviado)|mensagem (original|"
    r"encaminhada)|"
    r"messaggio (originale|inoltrato)|oorspronkelijk bericht|doorgestuurd bericht|"
    r"oprindelig (meddelelse|besked)|opprinnelig melding|ursprungligt meddelande|alkuper.inen viesti|"
    r"(wiadomo.. oryginalna|oryginalna wiadomo..|wiadomo.. przekazana)|p.vodn. zpr.va|eredeti .zenet|"
    r"исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригінальне повідомлення|"
    r"orijinal mesaj|.letilen mesaj|"
    r"forwarded message|weitergeleitete (nachricht|mail)|e-?mail transf.r.|"
    r"元のメッセージ|原始邮件|原始郵件|邮件原件|转发邮件|원본 메시지|original appointment"
    r")\s{0,3}[-_*=]{2,60}\s*\Z"
)
FORWARDED: Final = re.compile(
    r"(?i)(forward|transf.r|reenviad|encaminhad|inoltrat|doorgestuurd|weitergeleitet|przekazan|"
    r"пересл|пересыл|iletil|转发)"
)
WROTE: Final = re.compile(
    r"(?i)(\bwrote\b|\bwrites\b|\bschrieb\b|\bhat geschrieben\b|\b. .crit\b|\bescribi|\bha scritto\b|"
    r"\bscrisse\b|\bskrev\b|"
    r"\bskrifa|\bschreef\b|\bgeschreven\b|\bescreveu\b|\bkirjoitti\b|\bnapisa|\bnapsal|\bnap.sal|"
    r".rta\b|\bírta\b|\bpisze\b|"
    r"\bpíše\b|\byazd|\bпишет\b|\bпише\b|написал|написав|\bа écrit\b|\ba scris\b|\bsu rašė\b|\bsaid\b|έγραψε|"
    r"写道|寫道|のメール|は書きました|님이 작성)"
)
OPENER: Final = re.compile(
    r"(?i)(on|at|am|le|el|il|op|den|em|pe|dne|dnia|w dniu|a|v|on (mon|tue|wed|thu|fri|sat|sun)\w*|"
    r"\d{1,4}[-./年]\d{1,2}[-./月]\d{1,4}|\d{1,2}\.? \w+\.? \d{4})\b.{0,60}\d"
)
WROTE_RULED: Final = re.compile(r"(?i)-{2,30} ?on .{5,250}\d.{0,200} wrote ?-{2,30}\Z")
MOMENT: Final = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}")
ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,190}")

_DEVICES = (
    r"(iphone|ipad|android|samsung|galaxy|huawei|blackberry|outlook|yahoo|windows|mail|mobile|mobil|handy|"
    r"smartphone|telefon|tablet|nokia|htc|sony|motorola|xiaomi|gmx|web\.de|proton|aol|k-9|spark|nexus|pixel)"
)
SENT_FROM: Final = re.compile(
    r"(?i)[\s>*_-]{0,5}("
    r"(sent|envoy.(e|es|s)?|enviad[oa]|inviato|verzonden|verstuurd|sendt|skickat|l.hetetty|"
    r"wys.an[eoya]|odesl.no|"
    r"отправлено|надіслано|k.ldve|gönderildi|trimis) "
    r"(from|with|via|depuis|de|partir de|desde|con|da|dal|met|vanaf|van|fra|från|med|z|ze|с|з|из|din|"
    r"prin|pomocí)\b"
    rf".{{0,40}}\b{_DEVICES}\b.{{0,60}}|"
    rf"(diese (e-?mail|nachricht) wurde )?(von|mit|vom) (mein(em|"
    rf"er) )?.{{0,40}}\b{_DEVICES}\b.{{0,40}}(gesendet|gesandt|verschickt)|"
    rf"gesendet (von|mit|vom)\b.{{0,40}}\b{_DEVICES}\b.{{0,40}}|(get|hol(en)? sie sich|t.l.chargez|"
    rf"obt.n|scarica|download) outlook (for|f.r|pour|para|per|voor) .{{0,60}}"
    r")\.?\s*\Z"
)
CLOSING: Final = re.compile(
    r"(?i)(best|kind|warm|many)? ?(regards|wishes)|(viele|beste|freundliche|liebe|mit freundlichen|"
    r"herzliche)\w* gr|"
    r"cordialement|cordiali|saludos|atentamente|groet|hilsen|h.lsning|pozdrawiam|pozdrav|с уважением|"
    r"з повагою|"
    r"cheers|sincerely|yours|mfg\b|lg\b"
)
#: Who says so has answered between the lines of what he quotes; where those are not marked, nothing may be cut.
ANSWERS_BELOW: Final = re.compile(
    r"(?i)\b(below|inline|in-line|in ?between|interleaved|in (red|blue|green|bold|caps|capitals)|under each|"
    r"unten|weiter unten|dazwischen|in rot|in blau|in gr.n|fett|siehe|"
    r"ci-dessous|plus bas|en rouge|en bleu|dans le texte|abajo|en rojo|en azul|m.s abajo|"
    r"sotto|in rosso|in blu|qui sotto|hieronder|onder|in het rood|tussendoor|abaixo|a vermelho|em vermelho|"
    r"nedenfor|nedenunder|nedan|i r.dt?|alla|punaisella|poni.ej|na czerwono|n..e|ни(же|жче)|красным|"
    r"a.a..da)\b"
)
