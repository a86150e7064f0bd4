"""How the names of organisations and ships are read, and what two of them say."""

from __future__ import annotations

import pytest

from didban.match.kinds import Kind
from didban.match.modes import Mode
from didban.match.organisations.words import is_organisation, read
from didban.match.pairs import compare
from didban.match.query import query_from_record
from didban.model.records import Record
from specimens import snapshot_of


def score(one: str, other: str, schema: str = "Company") -> float:
    """Return the score of two names alone."""
    left, right = (
        Record(id=text, schema=schema, properties={"name": (text,)}) for text in (one, other)
    )
    return compare(left, right).score


def said(one: str, other: str) -> str:
    """Return the explanation of two names in words."""
    left, right = (
        Record(id=text, schema="Company", properties={"name": (text,)}) for text in (one, other)
    )
    return compare(left, right).explanations["name"].detail


@pytest.mark.parametrize(
    "name",
    [
        "Nargis GmbH",
        "NargisGmbH",
        "Nargis G.m.b.H.",
        "Nargis Gesellschaft mit beschränkter Haftung",
        "Nargis Aktiengeselschaft",
        "Nargis A.Ş.",
        "Nargis A/S",
        "Nargis Sp. z o.o.",
        "Nargis Co., Ltd.",
        "Nargis (Pvt.) Ltd",
        "Nargis Sdn Bhd",
        "The Nargis Company",
        "JSC Nargis",
        "OAO “Nargis”",
        "Nargis S. à r.l.",
        "Nargis d.o.o.",
        "Nargis & Co. KG",
        "Limited Liability Company Nargis",
    ],
)
def test_a_legal_form_is_no_part_of_the_name(name):
    """Wherever it stands, glued, dotted or mistyped."""
    assert read(name).parts == ("nargis",)
    assert read(name).forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nargis LLC", "ООО Nargis"),
        ("Nargis Limited Liability Company", "ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ Nargis"),
        ("Nargis Aktiengesellschaft", "Nargis AG"),
        ("PJSC Nargis", "Nargis Joint Stock Company"),
        ("شرکت Nargis", "Nargis Co."),
    ],
)
def test_one_legal_form_has_many_spellings(one, other):
    """Of languages, scripts and habits."""
    assert read(one) == read(other)


@pytest.mark.parametrize("name", ["The Limited", "AG", "Co & Co", "شرکت"])
def test_a_form_alone_is_the_name(name):
    """A name of letters is never read as nothing."""
    assert read(name).parts


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Banco Nargis de Siria", ("bank", "nargis", "syria")),
        ("بانک نرگس ایران", ("bank", "نرگس", "iran")),
        ("Nargis Int'l Trdg.", ("nargis", "international", "trade")),
        ("شركة نرجس للتجارة", ("نرجس", "trade")),
        ("Brigade Forty-Four", ("brigade", "44")),
        ("Nargis Fund II", ("nargis", "fund", "2")),
        ("Second Nargis Fund", ("2", "nargis", "fund")),
        ("Unit No. 61398", ("unit", "61398")),
        ("J.P. Nargis & Sons", ("jp", "nargis", "sons")),
        ("J P Nargis and Sons", ("jp", "nargis", "sons")),
        ("N&R Nargis", ("nr", "nargis")),
        ("M/V Nargis 3", ("nargis", "3")),
        ("3%ers", ("3", "percenters")),
        ("Banque d'Iran", ("bank", "iran")),
        ("Syrian Company for Oil Transport", ("syria", "oil", "transport")),
        ("Shanghai Leverage Shopping", ("shanghai", "leverage", "shopping")),
    ],
)
def test_generic_words_places_and_numbers_have_one_spelling(name, parts):
    """In all languages of the tables, so that they meet."""
    assert read(name).parts == parts


@pytest.mark.parametrize(
    "name",
    [
        "Ministry of Defence",
        "Ministère de la Défense",
        "Ministerium der Verteidigung",
        "Ministerio de Defensa",
        "Ministério da Defesa",
        "Министерство обороны",
        "Міністерство оборони",
        "وزارت دفاع",
        "وزارة الدفاع",
        "Vezarat-e Defa",
        "Ministerstvo oborony",
        "Ministrry of Defence",
    ],
)
def test_an_institution_has_one_name_in_all_languages(name):
    """Inflected, romanised or mistyped."""
    assert read(name).parts == ("ministry", "defense")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("中国银行", ("china", "bank")),
        ("한국무역은행", ("korea", "trade", "bank")),
        ("华为技术有限公司", ("华为", "technology")),
    ],
)
def test_writing_without_spaces_is_parted_at_known_words(name, parts):
    """What is between them is the name."""
    assert read(name).parts == parts


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Муромский завод", "Murom Plant"),
        ("Izhevsky Zavod", "Ижевск завод"),
        ("Tehran University", "Тегеранский университет"),
    ],
)
def test_what_is_named_after_a_town_has_its_name(name, other):
    """Whatever Slavic ending it has."""
    assert score(name, other) >= Mode.BALANCED.threshold


@pytest.mark.parametrize(
    "name", ["Nargis Limted", "Nargis Comany", "Company, Nargis", "Ltd., Nargis", "Corp. Nargis"]
)
def test_a_form_mistyped_or_before_a_comma_is_one(name):
    """As typed in a hurry, and as catalogues order words."""
    assert read(name).parts == ("nargis",)
    assert read(name).forms


def test_the_most_generic_words_of_a_long_name_fall_out():
    """The kernels compare eight parts."""
    name = "Nargis Roshan Bahar Import Export Oil Gas Trading Mining Transport Company"

    assert read(name).parts[:3] == ("nargis", "roshan", "bahar")
    assert len(read(name).parts) == 8


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Ali Karimi", Kind.PERSON, False),
        ("Karimi Trading", Kind.PERSON, False),
        ("Ali Karimi", Kind.LEGAL_ENTITY, False),
        ("General Ali Karimi", Kind.LEGAL_ENTITY, False),
        ("Karimi Trading", Kind.LEGAL_ENTITY, True),
        ("Karimi GmbH", Kind.LEGAL_ENTITY, True),
        ("Karimi", Kind.ORGANIZATION, True),
        ("Karimi", Kind.VESSEL, True),
    ],
)
def test_of_a_legal_entity_its_words_tell_what_it_is(name, kind, expected):
    """It may be a person."""
    assert is_organisation(name, kind) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nargis AG", "NARGIS Aktiengesellschaft"),
        ("Nargis AG", "Nargis"),
        ("Good Will Nargis", "Goodwill Nargis"),
        ("Nargis & Daughters", "Nargis and Daughters"),
        ("First Nargis Bank", "1st Nargis Bank"),
        ("Nargisabad Trading", "Nargsabad Trading"),
        ("Nargis Bank", "بانک نرگس"),
        ("Nargis Roshan Trading", "Trading Nargis Roshan"),
        ("International Trading Company", "International Trading Co."),
        ("Nargis", "Nargis Group"),
        ("Nargis", "Nargis Europe"),
        ("Narghis/Roshan Army", "Nargis"),
        ("EP-NRG", "EPNRG"),
        ("Nargis Roshan Trust", "NRT"),
        ("Nargis Roshan Trust", "NRT Chad"),
        ("Nargis Oil Company", "NOC"),
    ],
)
def test_names_of_one_organisation_match(one, other):
    """Also where only generic words make the name: as a whole it is rare."""
    assert score(one, other) >= Mode.BALANCED.threshold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nargis Trading", "Parvin Trading"),
        ("Nargis Bank of Chad", "Nargis Bank of China"),
        ("Bank of Chad", "Bank of China"),
        ("Nargis Fund II", "Nargis Fund III"),
        ("Brigade 44", "Brigade 45"),
        ("Nargis", "Nargis Shipping"),
        ("Trading International", "International Holding"),
        ("Nargis Bank", "Nargis Leasing"),
        ("Nargis Bank", "Nargis Bank Leasing"),
        ("Nargis Roshan Foundation e.V.", "Nargis Roshan LLC"),
        ("Nargis", "Nargis Chad"),
        ("Petronargis", "Petroparvin"),
        ("EP-NRG", "EP-NRB"),
        ("Nargis 3A", "Nargis 3B"),
        ("Nargis Roshan Bahar Fund", "Nargis Roshan Bahar Fund II"),
    ],
)
def test_names_of_two_organisations_do_not(one, other):
    """What they share is generic, or a place or a number contradicts."""
    assert score(one, other) < Mode.BALANCED.threshold


def test_a_contradicting_form_says_a_little_and_is_told():
    """A form that is left out says nothing."""
    alike, without, other = (
        score("Nargis Roshan AG", f"Nargis Roshan {form}") for form in ("AG", "", "GmbH")
    )

    assert alike == without > other >= Mode.BALANCED.threshold
    assert "another legal form: AG, GmbH" in said("Nargis AG", "Nargis GmbH")


def test_the_explanation_names_every_word():
    """What agrees, and what one side has alone."""
    assert said("Nargis Bank (Chad)", "Banque Nargis") == (
        "nargis is the same; bank is the same; only in the query: chad"
    )


def test_names_in_which_only_the_spaces_differ_are_told_as_a_whole():
    """No word of the one is a word of the other."""
    assert said("Nar Gis Roshan", "Nargis Roshan") == "nar gis roshan = nargis roshan"
    assert said("Nargi Sroshan", "Nargis Roshan") == "nargi sroshan = nargis roshan"


def test_a_remark_in_brackets_weighs_less_than_a_word():
    """A branch, or a former name."""
    assert score("Nargis Roshan (Chad)", "Nargis Roshan") > score(
        "Nargis Roshan Chad", "Nargis Roshan"
    )


def test_one_of_two_names_that_are_stated_is_enough():
    """Behind a stroke stands another name, or a remark."""
    assert score("Nargis", "Nargis/Bahar Roshan") >= Mode.BALANCED.threshold
    assert score("Nargis", "Nargis Bahar Roshan") < Mode.BALANCED.threshold


def test_initials_are_worth_something_against_the_full_name():
    """More letters say more; the initials of two names say nothing of each other."""
    assert read("Bahar Aid and Relief Society of Chad").initials == ("barsc",)
    short, long = (
        score("NRT", "Nargis Roshan Trust"),
        score("NRBTF", "Nargis Roshan Bahar Trust Fund"),
    )

    assert 0.01 < short < long
    assert score("Nargis Roshan Trust", "Nasrin Rahimi Trading") < 0.01


def test_a_mistyped_form_of_several_words_is_one():
    """Where the rest of the phrase leaves no doubt."""
    assert read("Nargis Joynt Stock Company").parts == ("nargis",)
    assert read("Nargis Joint Stock Compan").parts == ("nargis",)


def ship(name: str, **facts: str) -> Record:
    """Return an invented ship."""
    properties = {key: (value,) for key, value in {"name": name, **facts}.items()}
    return Record(id=name, schema="Vessel", properties=properties)


def test_a_ship_under_another_name_and_flag_is_known_by_its_number():
    """The register of the IMO is one for the world."""
    one = ship("Nargis 1", imoNumber="IMO 9074729", flag="Panama")
    other = ship("Blue Heron", imoNumber="9074729", flag="Togo")

    assert compare(one, other).score >= Mode.BORDER.threshold


def test_another_number_speaks_against_a_ship_of_the_same_name():
    """Where both have right check digits; a mistyped one says nothing."""
    asked = ship("Nargis", imoNumber="9074729")
    same, wrong, other = (
        compare(asked, ship("Nargis", **number)).score
        for number in ({}, {"imoNumber": "9074728"}, {"imoNumber": "9187629"})
    )

    assert same == wrong > other


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ("Nargis Roshan", "Nargisroshan"),
        ("Nargisroshan", "Nargis Roshan"),
        ("Nargis Roshan Bahar Association", "NRBA"),
        ("Nargis-Werke Aktiengesellschaft", "Nargiswerke AG"),
        ("Nargis Roshan Bank", "Nargis Roshanbank"),
        ("Nargis Roshan Ltd", "Nargis Roshanltd"),
    ],
)
def test_what_compares_well_is_found(tmp_path, listed, asked):
    """Glued and parted words, and initials, among other organisations."""
    others = ("Parvin Trading", "Nargis Shipping", "Roshan Bank", "Werke AG")
    records = [
        Record(id=name, schema="Company", properties={"name": (name,)})
        for name in (listed, *others)
    ]
    question = Record(id="q", schema="Company", properties={"name": (asked,)})

    found = snapshot_of(tmp_path, records).match(query_from_record(question), mode=Mode.THOROUGH)

    assert found[0].id == listed
