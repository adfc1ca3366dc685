"""Cells and outputs for a notebook. nbformat's own functions check each against a schema, which takes longer than all
else here; the exporter checks the whole notebook anyway."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode, from_dict


def markdown_cell(source: str) -> Any:
    """A cell of text."""
    return NotebookNode(cell_type="markdown", source=source, metadata=NotebookNode())


def code_cell(source: str, outputs: list[Any]) -> Any:
    """A cell of code with what it showed."""
    return NotebookNode(cell_type="code", source=source, outputs=outputs, execution_count=None, metadata=NotebookNode())


def stream(text: str) -> Any:
    """Printed text."""
    return NotebookNode(output_type="stream", name="stdout", text=text)


def display(data: dict[str, str]) -> Any:
    """Something shown, by MIME type."""
    return NotebookNode(output_type="display_data", data=NotebookNode(data), metadata=NotebookNode())


def result(data: dict[str, Any]) -> Any:
    """A cell's value, by MIME type."""
    return NotebookNode(
        output_type="execute_result", data=from_dict(data), metadata=NotebookNode(), execution_count=None
    )


def notebook(cells: list[Any], metadata: dict[str, Any]) -> Any:
    """A notebook of these cells, which get ids by their places."""
    for i, cell in enumerate(cells):
        cell.id = f"cell-{i}"
    return NotebookNode(cells=cells, metadata=from_dict(metadata), nbformat=4, nbformat_minor=5)
