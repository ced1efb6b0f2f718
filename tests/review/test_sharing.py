"""What hinders sharing is told in a sentence; sharing itself is in tests/pipeline/test_team.py."""

from pathlib import Path

import pytest
from dvc.repo import Repo

from medsum.core.errors import UserError
from medsum.review import sharing


def test_a_project_without_a_remote_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Repo.init(no_scm=True).close()
    with pytest.raises(UserError, match=r"the remote of the team cannot be used .*; check `dvc remote list`"):
        sharing.main()
