from conftest import HERE


def test_the_readme_has_the_example_to_the_letter() -> None:
    folder = HERE.parent
    example = (folder / "examples/switches.py").read_text()
    assert f"```python\n{example}```\n" in (folder / "README.md").read_text()


def test_the_example_has_fewer_than_40_lines() -> None:
    assert len((HERE.parent / "examples/switches.py").read_text().splitlines()) < 40
