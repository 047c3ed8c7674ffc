"""What the servers under WordPress share with those of other tests: nothing."""


def test_a_database_s_temporary_tables_lie_in_a_folder_of_its_own(maria):
    # Two that start in one folder sweep away each other's, and abort.
    assert maria.run("SELECT @@tmpdir").strip() == str(maria.folder / "tmp")
