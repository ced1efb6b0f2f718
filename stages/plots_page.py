"""Write the HTML template for `dvc plots show`, so that the page with the plots works without a network.

The stage reads the libraries that draw the plots from the installed package vl-convert-python. It writes
plots/page.html.
"""

import vl_convert

from medsum.core.atomic import write_text
from medsum.core.errors import run_script
from medsum.core.paths import PLOTS_PAGE

GLOBALS = "Object.assign(window, {vega, vegaLite, vegaEmbed})"  # DVC's HTML calls the libraries by these names
VEGA_LITE = "5.20"  # the version for which DVC's templates are written

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plots</title>
<style>body { font-family: system-ui, sans-serif; margin: 2rem; } body > div { margin-bottom: 2rem; }</style>
<script>
"""
# DVC replaces the words in braces: {plot_divs} by an HTML div and a script call for each plot, and {refresh_tag} by
# nothing.
TAIL = """
</script>
{refresh_tag}
</head>
<body>
{plot_divs}
</body>
</html>
"""


def main() -> None:
    """Bundle vega, vega-lite and vega-embed from the package, and write them into the template."""
    script = vl_convert.javascript_bundle(GLOBALS, vl_version=VEGA_LITE).replace("</script", "<\\/script")
    write_text(PLOTS_PAGE, HEAD + script + TAIL)
    print(f"{PLOTS_PAGE}: {PLOTS_PAGE.stat().st_size / 1e6:.1f} MB, works without a network")


if __name__ == "__main__":
    run_script(main)
