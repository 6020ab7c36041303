"""Is it easy to read? Long sentences, many long words, long letters.

The measure is LIX (Björnsson 1968): words a sentence, plus the hundredfold share of long words. It needs no
syllables, so one sum serves every language; only its limits differ.
"""

from collections.abc import Iterator

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.rulebook import Language, Readable, house
from complaints.policies.guard.text import Text

#: A letter of a few lines has no average.
FEW_WORDS = 40


def reading(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    limits, enough = language.readable, house().enough(context.kind)
    longest = min(limits.longest_sentence, (enough and enough.sentence) or limits.longest_sentence)
    sentences = [[text.tokens[at] for at in tokens] for tokens in text.sentences]
    for tokens, words in zip(text.sentences, sentences, strict=True):
        place = text.place_of(tokens)
        if len(words) > longest:
            yield Hit(Family.READING, "reading.long", place.start, place.end, {"words": str(len(words))})
        elif len(words) >= limits.heavy_from_words and lix(words, 1, limits) > limits.heavy_sentence:
            yield Hit(Family.READING, "reading.heavy", place.start, place.end)
    words = [word for sentence in sentences for word in sentence]
    if len(words) >= FEW_WORDS and lix(words, len(sentences), limits) > limits.heavy_letter:
        facts = {"lix": f"{lix(words, len(sentences), limits):.0f}", "most": str(limits.heavy_letter)}
        yield Hit(Family.READING, "reading.letter", facts=facts)
    if enough and len(words) > enough.words:
        yield Hit(
            Family.READING, "reading.length", facts={"words": str(len(words)), "most": str(enough.words)}
        )


def lix(words: list[str], sentences: int, limits: Readable) -> float:
    long_words = sum(len(word) > limits.long_word for word in words)
    return len(words) / sentences + 100 * long_words / len(words)
