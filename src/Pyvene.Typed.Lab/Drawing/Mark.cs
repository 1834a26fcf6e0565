namespace Pyvene.Typed.Lab;

/// <summary>Is a part of a picture that a pointer or the arrow keys choose, and that then says what it is.</summary>
/// <param name="Panel">Its panel, from 0, left to right.</param>
/// <param name="Row">Its row, from 0; the arrow keys up and down change it.</param>
/// <param name="Column">Its column, from 0.</param>
/// <param name="Says">
/// What it says, such as <c>layer 3, position 4 “·is”: 0.998</c>; <see langword="null"/> = what stands at its row and column of the table that has its panel's
/// number, which the page reads there.
/// </param>
internal readonly record struct Mark(int Panel, int Row, int Column, string? Says);
