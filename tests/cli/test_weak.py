def test_cues_and_what_they_add_up_to_are_set_against_gold(stance, tmp_path):
    from tests.conftest import CHECKOUT

    folders = [f"documents={CHECKOUT / 'seeds/iraq2002'}", f"data={CHECKOUT / 'data'}"]
    ran = stance("weak", *folders)
    assert ran.code == 0, ran.err
    assert "iraq2002: 2,062 sentences, 2,062 of them gold" in ran.out
    assert "regime change" in ran.out
    majority, dawid_skene = ran.out.splitlines()[-2:]
    assert majority.startswith("majority     0.2")
    assert dawid_skene.startswith("Dawid-Skene  0.2")


def test_without_gold_the_cues_are_counted_alone(stance, tmp_path):
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "day.txt").write_text("We want regime change. The clerk read the minutes.\n")
    ran = stance("weak", "documents=talks")
    assert ran.code == 0, ran.err
    assert "talks: 2 sentences, 0 of them gold" in ran.out
    assert "majority" not in ran.out
    (line,) = (line for line in ran.out.splitlines() if "regime change" in line)
    assert line.split()[:5] == ["50.00%", "0.00", "0.00", "–", "0"]
