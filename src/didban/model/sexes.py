"""Sex as documents and lists state it, brought to the three words of FollowTheMoney."""

from __future__ import annotations

from typing import Final, Literal

from didban.model.folding import fold

Sex = Literal["male", "female", "other"]

_WORDS: Final[dict[Sex, str]] = {
    "male": "m male man boy mr masculin masculino homme hombre varon h mannlich mann erkek "
    "м муж мужской мужчина чоловік чоловіча مرد پسر مذکر ذکر رجل آقا",
    "female": "f female woman girl mrs ms miss feminin femenino femme mujer weiblich w frau kadin "
    "ж жен женский женщина жінка жіноча زن دختر مونث مؤنث أنثى امراه امرأة خانم",
    "other": "x other non-binary nonbinary divers diverse d intersex третий другое دیگر سایر آخر "
    "autre otro",
}
_BY_WORD: Final[dict[str, Sex]] = {
    fold(word): sex for sex, words in _WORDS.items() for word in words.split()
}


def sex(text: str) -> Sex | None:
    """Return `male`, `female` or `other`, or None when the text says nothing known.

    `<` and `U` (unspecified, Doc 9303-3 and PAXLST) give None: unknown, which fits any. `X` on a
    document is a statement, and gives `other`.
    """
    return _BY_WORD.get(fold(text).strip(" ."))
