"""What is reported and asked in the second story: invented persons and documents."""

from __future__ import annotations

ZONE = (
    "P<XBOORLOVSKAYA<<VERA<<<<<<<<<<<<<<<<<<<<<<<",
    "B2290417<0XBO8803148F3105043<<<<<<<<<<<<<<<4",
)
PASSPORT = {
    "entity": {
        "schema": "Passport",
        "properties": {"number": ["B2290417"], "country": ["xbo"]},
        "documents": [{"number": "B2290417", "issuer": "XBO", "type": "P", "status": "stolen"}],
    },
    "marking": {
        "audience": ["*"],
        "purpose": "document_fraud",
        "legal_basis": "Passport Act of Boreland, s. 31",
        "handling": "H0",
        "source_evaluation": "A",
        "information_evaluation": "1",
    },
    "alert": {
        "action_requested": "seize",
        "document_status": "stolen",
        "facts": "Taken from a parked car. The holder has a new passport.",
    },
}
WANTED = {
    "entity": {
        "schema": "Person",
        "caption": "داریوش مهرآبادی",
        "properties": {
            "name": ["داریوش مهرآبادی"],
            "alias": ["Dariush Mehrabadi"],
            "birthDate": ["1979-04-17"],
            "nationality": ["xca"],
        },
    },
    "marking": {
        "audience": ["*"],
        "purpose": "wanted_or_missing_person",
        "legal_basis": "Penal Code of Caspia, s. 204",
        "handling": "H0",
        "source_evaluation": "A",
        "information_evaluation": "1",
    },
    "alert": {
        "action_requested": "locate",
        "person_status": "suspect",
        "legal_references": ["Warrant C-9/31 of the District Court of Port Caspia"],
        "facts": "Said to have sold forged passports to the network of case C-9.",
    },
}
WANTED_QUESTION = ("--name", "Dariush Mehrabadi", "--birth-date", "1979-04-17")
NAMESAKE_QUESTION = ("--name", "Daryush Mehrabadi", "--birth-date", "1979")
