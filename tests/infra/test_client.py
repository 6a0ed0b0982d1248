"""docs/client/ is up to date, and its types hold for who uses it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.docgen.client import DOCS, main
from local.docgen.client_types import error_codes
from tests.support.documented import DOCUMENT

CLIENT = DOCS / "client"
COMPILER = Path(__file__).parents[2] / "local/parsers/node_modules/typescript/bin/tsc"
OPTIONS = (
    *("--noEmit", "--strict", "--erasableSyntaxOnly", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"),
    *("--noUnusedLocals", "--target", "es2022", "--lib", "es2022,dom", "--module", "esnext"),
    *("--moduleResolution", "bundler"),
)
# What the hook takes of React's own types.
REACT = """
declare module "react" {
  export function useEffect(effect: () => () => void, dependencies: readonly unknown[]): void;
  export function useRef<Value>(initial: Value): { current: Value };
  export function useState<State>(initial: State): [State, (next: State | ((before: State) => State)) => void];
}
"""


def test_both_files_are_up_to_date() -> None:
    """`make client` writes them."""
    assert main(["--check"]) == 0


def test_drift_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the types, and of the JavaScript."""
    source, script = tmp_path / "client.ts", tmp_path / "client.js"
    shutil.copy(CLIENT / "client.ts", source)

    assert main(["--check"], tmp_path) == 1
    assert "client.js is out of date: run `make client`." in capsys.readouterr().err
    assert main([], tmp_path) == main(["--check"], tmp_path) == 0
    assert script.read_bytes() == (CLIENT / "client.js").read_bytes()
    source.write_text(source.read_text("utf-8").replace('  | "refused"\n', ""), "utf-8")
    assert main(["--check"], tmp_path) == 1
    assert "client.ts is out of date" in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert source.read_bytes() == (CLIENT / "client.ts").read_bytes()


def compile_with(folder: Path, *files: Path) -> str:
    """What the compiler has to say of these files and what they import."""
    if shutil.which("node") is None or not COMPILER.exists():
        pytest.skip("TypeScript's compiler is not here (`make parsers` installs it; needs node and npm)")
    command = ["node", str(COMPILER), *OPTIONS, *map(str, files)]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True).stdout


def test_the_types_hold(tmp_path: Path) -> None:
    """Of the client and of the hook, as strictly as the compiler can be."""
    react = tmp_path / "react.d.ts"
    react.write_text(REACT, "utf-8")

    assert compile_with(tmp_path, react, *sorted(CLIENT.glob("*.ts"))) == ""


USE = """
import { ArtifactError, ArtifactsClient, type ErrorCode, type PlanBody, type ReviewBody } from "CLIENT";

type Severity = "minor" | "major" | "blocking";

function sentence(code: ErrorCode): string {
  switch (code) {
CASES
  }
}

const client = new ArtifactsClient({ generateUrl: "/g", token: async () => null });
const onDelta = ({ code }: { code: string }) => code.length;
const metadata = { feature: "todo", component: "list" };
const onReview = ({ findings }: ReviewBody) => findings.map(({ severity }) => severity satisfies Severity);
const call = { onDelta, onReview, onPlan: ({ edgeCases }: PlanBody) => edgeCases.length };
const answer = await client.generate({ prompt: "A list", artifactType: "react", workflow: "reviewed", metadata }, call);
answer.review?.rebuild satisfies "kept" | "discarded" | undefined;
answer.artifact.code satisfies string;
answer.costUsd satisfies number | null;
sentence(new ArtifactError("x", { code: "refused" }).code) satisfies string;
export {};
"""


def test_a_switch_over_the_codes_is_checked(tmp_path: Path) -> None:
    """One code less is an error of the compiler, and so are a request and an answer that do not exist."""
    codes = [*error_codes(DOCUMENT), "unreachable", "aborted", "unreadable"]
    file = tmp_path / "use.ts"

    def said_of(codes: list[str], kind: str, field: str) -> list[str]:
        cases = "\n".join(f'    case "{code}":' for code in codes) + "\n      return code;"
        text = USE.replace("CLIENT", str(CLIENT / "client")).replace("CASES", cases)
        file.write_text(text.replace('"react"', kind).replace("artifact.code", field), "utf-8")
        return re.findall(r"error (TS\d+)", compile_with(tmp_path, file))

    missing, incomparable, unknown_kind, unknown_field = "TS2366", "TS2678", "TS2322", "TS2339"
    assert said_of(codes, '"react"', "artifact.code") == []
    assert said_of([*codes[1:], "invented"], '"flash"', "artifact.source") == [
        missing,
        incomparable,
        unknown_kind,
        unknown_field,
    ]


@pytest.mark.parametrize("code", [*error_codes(DOCUMENT), "unreachable", "aborted", "unreadable"])
def test_every_code_is_documented(code: str) -> None:
    """The service's own in docs/api.md, the client's in its README."""
    document = "api.md" if code in error_codes(DOCUMENT) else "client/README.md"

    assert f"| `{code}` |" in (DOCS / document).read_text("utf-8")
