"""Stories to measure with: invented prose, the same every time.

About 435 words a story with headings, links, a quotation, a list and marks within the lines; three
of sixty topics, eight collections, one person to twenty stories. Story 17 is the same among 100
stories as among 10,000, but for its day and its people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

NOUNS = """kiln clay hammer anvil ladder orchard tide ferry island pier rope bell tower stair cellar attic
barrel cider oak birch moss meadow goat sheep shepherd weaver loom dye indigo needle button coat boot lace
ledger stamp letter drawer key lock hinge gate lane hedge pond heron owl fox badger lamp candle match
stove kettle spoon ladle plate jug oven loaf yeast barley rye pear quince mustard vinegar cheese market
stall coin scale weight captain midwife miller mason glazier plumber baker tailor clerk porter driver tram
depot signal bicycle wheel spoke chain brake bus ticket map compass valley ridge pass snow thaw flood
harvest winter spring choir fiddle drum dance wedding cradle blackboard chalk pupil lesson""".split()
VERBS = """mended carried poured measured borrowed returned argued laughed whistled counted waited listened
climbed lowered lifted sharpened painted sanded stitched folded packed sent lost found kept gave took
promised forgot remembered taught learned tried failed began stopped opened closed""".split()
OTHERS = """slowly early late twice once never always again nearly gladly quietly together apart alone
narrow wide crooked straight rough smooth bitter sweet heavy light dark pale patient stubborn shy proud
under over beside behind before after between without through across along until because although while
when where the the the a a and and of of to in on with for from by at as our her his their its that this
which some every each another both few many most""".split()
WORDS = [*NOUNS, *VERBS, *OTHERS]
COLLECTIONS = ["Apprentices", "Bread", "Crossings", "Evenings", "Floods", "Repairs", "Teachers", "Weather"]
TOPICS = [
    f"{kind} {thing}"
    for kind in ("first", "last", "lost", "borrowed", "winter", "night")
    for thing in (
        "trains",
        "letters",
        "tools",
        "songs",
        "meals",
        "keys",
        "gardens",
        "boats",
        "lessons",
        "roads",
    )
]
FIRST = """Aino Bram Cosima Dario Edda Fenn Gudrun Hamid Ines Jorun Kasimir Ludmila Matteo Nerys Oskar Paloma
Ragnar Sunniva Tariq Ulrike Vasco Wilma Xenia Yannick Zdenka""".split()
LAST = """Abernathy Bergstrom Caldeira Demir Engström Fontaine Gruber Horvat Iversen Janssen Kariuki Lombardi
Moreau Nyström Ostrowski Pereira Quiroga Rasmussen Szabo Thorne Underhill Vidal Wojcik
Yilmaz Zeller""".split()
BEGAN = datetime(2012, 3, 1, 8, 0)
SPAN = timedelta(days=8 * 365)


@dataclass(frozen=True)
class Person:
    """Somebody who tells stories."""

    slug: str
    name: str
    summary: str
    body: str


@dataclass(frozen=True)
class Story:
    """One story, as its author would know it; `body` is Markdown."""

    slug: str
    title: str
    day: datetime
    person: Person
    collection: str
    topics: list[str]
    summary: str
    body: str


@dataclass(frozen=True)
class Corpus:
    """`count` stories, and a twentieth as many people."""

    count: int

    @cached_property
    def people(self) -> list[Person]:
        """Everybody who tells; names are all different."""
        return [_person(number) for number in range(max(1, self.count // 20))]

    def __iter__(self) -> Iterator[Story]:
        return (self.story(number) for number in range(self.count))

    def story(self, number: int) -> Story:
        """Story `number`, from 0; one at or above `count` is newer than all others."""
        random = Random(f"a story, {number}")
        words = random.sample(WORDS, random.randint(3, 6))
        return Story(
            slug="-".join([*words, str(number)]),
            title=" ".join(words).capitalize(),
            day=BEGAN + timedelta(minutes=int(SPAN / self.count * number / timedelta(minutes=1))),
            person=self.people[number % len(self.people)],
            collection=random.choice(COLLECTIONS),
            topics=random.sample(TOPICS, 3),
            summary=_plain(random, random.randint(14, 22)),
            body=self._body(random, number),
        )

    def _body(self, random: Random, number: int) -> str:
        other = self.people[(number * 11 + 5) % len(self.people)]
        return "\n\n".join(
            [
                _paragraph(random, 5, _elsewhere(random)),
                f"## {_heading(random, 4)}",
                _paragraph(random, 6, f"/people/{other.slug}/"),
                _paragraph(random, 6),
                f"[{random.choice(NOUNS)} {random.choice(NOUNS)}]({_elsewhere(random)}.jpg)",
                "\n".join(f"- {_sentence(random, random.randint(5, 9))}" for _ in range(4)),
                f"### {_heading(random, 3)}",
                _paragraph(random, 6, _elsewhere(random)),
                f"> {_paragraph(random, 2)}",
                _paragraph(random, 6, _elsewhere(random)),
            ]
        )


def _person(number: int) -> Person:
    random = Random(f"a person, {number}")
    first = FIRST[number % len(FIRST)]
    last = LAST[(number // len(FIRST) + number) % len(LAST)]
    middle = number // (len(FIRST) * len(LAST))
    name = f"{first} {chr(ord('A') + middle - 1)}. {last}" if middle else f"{first} {last}"
    slug = name.lower().replace("ö", "o").replace(".", "").replace(" ", "-")
    body = f"{_paragraph(random, 5)}\n\n{_paragraph(random, 4)}"
    return Person(slug, name, _plain(random, random.randint(10, 14)), body)


def _elsewhere(random: Random) -> str:
    return f"https://example.org/{random.choice(NOUNS)}/{random.randrange(10_000)}"


def _heading(random: Random, length: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(length)).capitalize()


def _plain(random: Random, length: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(length)).capitalize() + "."


def _sentence(random: Random, length: int, link: str = "") -> str:
    words = [random.choice(WORDS) for _ in range(length)]
    words[0] = words[0].capitalize()
    chance, spot = random.random(), random.randrange(length - 1)
    if chance < 0.16:
        words[spot] = f"*{words[spot]}*"
    elif chance < 0.28:
        words[spot : spot + 2] = [f"**{words[spot]}", f"{words[spot + 1]}**"]
    elif chance < 0.33:
        words[spot] = f"`{words[spot]}`"
    if link:
        words[-2:] = (
            [f"[{words[-2]} {words[-1]}]({link})"] if spot < length - 3 else [*words[-2:], f"[there]({link})"]
        )
    if random.random() < 0.12:
        words.insert(length // 2, "--")
    if random.random() < 0.1:
        words[1] = f'"{words[1]}"'
    return " ".join(words) + random.choice("....!?")


def _paragraph(random: Random, sentences: int, link: str = "") -> str:
    *others, last = (random.randint(8, 17) for _ in range(sentences))
    return " ".join([*(_sentence(random, length) for length in others), _sentence(random, last, link)])
