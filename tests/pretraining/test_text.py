from pathlib import Path

from pretraining.text import one_turn_a_line, read_dialogues, read_paragraphs


def test_turns_that_translation_joined_stand_on_their_own_lines() -> None:
    joined = "Doctor: Any pain? Patient: No.  Guest_clinican: None. Guest_family 2: Right."
    assert one_turn_a_line(joined).split("\n") == [
        "Doctor: Any pain?",
        "Patient: No.",
        "Guest_clinician: None.",
        "Guest_family_2: Right.",
    ]


def test_a_dialogue_left_out_takes_its_translations_with_it(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = ["7,CC,Pain.,Doctor: Pain?", "TR=EN-FR-EN 7,CC,Pain.,Doctor: Ache?", "TR=EN-FR-EN 8,CC,Leaked.,Doctor: No?"]
    table.write_text("\n".join(["ID,section_header,section_text,dialogue", *rows]), encoding="utf-8")
    assert [dialogue.note for dialogue in read_dialogues(table)] == ["Pain.", "Pain."]


def test_entities_become_characters(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("4&apos; tall\nsaid &quot;no&quot;\n", encoding="utf-8")
    assert read_paragraphs(tmp_path / "text") == ["4' tall", 'said "no"']
