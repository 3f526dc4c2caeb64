import pytest

from stance.text.cleaning import clean_text

ODD, EVEN = "Northland Review", "4.2 | The winter talks"


def paged(*pages: str, number: int = 11) -> str:
    heads = (EVEN, ODD)
    return "\f".join(f"{page}\n\n{number + i}\n\n{heads[i % 2]}" for i, page in enumerate(pages))


FILLERS = [f"The committee met in the {hour}. It rose at {hour}." for hour in ("dawn", "day", "dusk", "dark", "haste")]


def folded(text: str) -> str:
    return " ".join(text.split())


def test_running_heads_and_page_numbers_go() -> None:
    assert folded(clean_text(paged(*FILLERS, "The end.")).text) == " ".join([*FILLERS, "The end."])


def test_a_sentence_that_runs_over_the_foot_of_a_page_is_whole_again() -> None:
    pages = ["Mr Hale told the committee that the inspectors", "would need three months.", *FILLERS]
    assert "that the inspectors\nwould need three months." in clean_text(paged(*pages)).text


def test_a_word_parted_by_the_foot_of_a_page_is_whole_again() -> None:
    pages = ["They spoke of self-", "determination at length.", *FILLERS]
    assert "of self-determination at length." in clean_text(paged(*pages)).text


def test_a_page_that_ends_with_a_sentence_ends_a_paragraph() -> None:
    assert "at dawn.\n\nThe committee" in clean_text(paged(*FILLERS, "The end.")).text


def test_footnotes_go_and_so_do_the_digits_that_point_to_them() -> None:
    first = (
        "Mr Hale agreed.1 “We can wait”,2 he said.\n\n1 Letter Hale to Ruiz, 4 May.\n2 Minute Moss, 5 May,\n‘Talks’."
    )
    second = (
        "Ms Ruiz spoke of resolution 61.3 She did not agree.4\n\n3 Letter Ruiz to Hale, 6 May.\n4 Minute Hale, 7 May."
    )
    text = clean_text(paged(first, second, *FILLERS)).text
    assert "Mr Hale agreed. “We can wait”, he said." in text
    assert "Ms Ruiz spoke of resolution 61. She did not agree." in text
    assert "Letter" not in text
    assert "Minute" not in text


@pytest.mark.parametrize("said", ["the P1 powers met.", "the note to No.1 was read.", "see Section 4.1 on this.", "1"])
def test_numbers_that_are_no_markers_stay(said: str) -> None:
    page = f"It is said: {said} Mr Hale agreed.1\n\n1 Letter Hale to Ruiz, 4 May."
    text = clean_text(paged(page, *FILLERS)).text
    assert f"It is said: {said} Mr Hale agreed." in folded(text)


def test_notes_that_are_out_of_sequence_are_text() -> None:
    page = "He gave two dates.\n\n12 September was one of them."
    assert "12 September was one of them." in clean_text(paged(page, *FILLERS)).text


def test_a_line_that_recurs_inside_pages_is_no_running_head() -> None:
    middle = "The chair thanked Mr Hale."
    pages = [f"{filler}\n\nIn {filler}\n\n{middle}\n\nSo {filler}\n\nAs {filler}" for filler in FILLERS]
    assert clean_text(paged(*pages)).text.count(middle) == 5


def test_page_numbers_on_lines_of_their_own_go_without_form_feeds_too() -> None:
    text = "We welcome the new\n22\n\nmember of this Assembly. We thank it.\n23\n\nLet me turn to trade."
    assert (
        clean_text(text).text == "We welcome the new\nmember of this Assembly. We thank it.\n\n\nLet me turn to trade."
    )


def test_a_number_that_belongs_to_the_paragraph_stays() -> None:
    text = "The vote was\n15\nto none. It was late."
    assert clean_text(text).text == text


def test_a_document_without_pages_is_left_alone() -> None:
    text = "1. One paragraph.\n\n2. Another, with P5 and No.10 in it.\n"
    assert clean_text(text).text == text
