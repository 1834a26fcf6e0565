using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is an index, or a range of them, that a program writes out as a constant.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Start">
/// The index, or where the range starts; from the end when it is the complement of that; <see langword="null"/> when it is not constant.
/// </param>
/// <param name="End">Behind the last; <see langword="null"/> when it is not constant.</param>
/// <param name="IsRange">Whether it is a range.</param>
internal sealed record WrittenIndex(SyntaxNode Place, int? Start, int? End, bool IsRange)
{
    /// <summary>Gets how many indices it is, or <see langword="null"/> when that depends on the length of the axis.</summary>
    public int? Count => !IsRange ? 1 : Start < 0 == End < 0 && End - Start is > 0 and var count ? count : null;

    /// <summary>Returns the constants in an argument: itself, or those in a list.</summary>
    /// <param name="value">The argument's value.</param>
    public static IEnumerable<WrittenIndex> In(IOperation value) => value switch
    {
        { ConstantValue: { HasValue: true, Value: int index } } => [new(value.Syntax, index, index, IsRange: false)],
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } =>
            [new(value.Syntax, EndOf(value, fromEnd: true), EndOf(value, fromEnd: true), IsRange: false)],
        IConversionOperation { Operand: var operand } => In(operand),
        IParenthesizedOperation { Operand: var operand } => In(operand),
        IArrayCreationOperation { Initializer: { } list } => list.ElementValues.SelectMany(In),
        ICollectionExpressionOperation list => list.Elements.SelectMany(In),
        IObjectCreationOperation { Arguments: [{ Value: var only }], Type: { } type } when LibraryTypes.Owns(type) => In(only),
        IRangeOperation range => [new(range.Syntax, EndOf(range.LeftOperand, fromEnd: false), EndOf(range.RightOperand, fromEnd: true), IsRange: true)],
        _ => [],
    };

    /// <summary>Returns what is wrong with it on an axis, in words, or <see langword="null"/>.</summary>
    /// <param name="axis">The axis.</param>
    public string? ProblemOn(IndexedAxis axis)
    {
        if (!IsRange)
        {
            if (Start == ~0 && Place.IsKind(SyntaxKind.IndexExpression)) return "it is behind the last; write ^1 for that";
            return Start < axis.Minimum || Start > axis.Maximum
                ? axis.Maximum is { } last ? $"valid are {Text(axis.Minimum)} to {Text(last)}" : $"they count from {Text(axis.Minimum)}"
                : null;
        }

        var count = axis.Maximum + 1L;
        if (!axis.CountsFromTheEnd && (Start < 0 || End < 0))
        {
            return "such a range counts from the start on both ends"
                + (count is { } size && Offset(Start, size) is { } from && Offset(End, size) is { } to && from >= 0
                    ? $"; write {Text(from)}..{Text(to)}"
                    : ", as in 0..4");
        }

        if (Start < 0 && End < 0) count ??= 0; // both from the end
        var (start, end) = (Offset(Start, count), Offset(End, count));
        return axis.Maximum is not null && (start < 0 || end > count)
            ? $"valid are {Text(axis.Minimum)} to {Text(count!.Value - 1)}, which is the range {Text(axis.Minimum)}..{Text(count.Value)}"
            : start >= end ? "a range ends behind its start, and names its end without it"
            : null;
    }

    // An end from the end is kept as its complement, as System.Index does.
    private static int? EndOf(IOperation? end, bool fromEnd) => end switch
    {
        null => fromEnd ? ~0 : 0,
        IConversionOperation { Operand: var operand } => EndOf(operand, fromEnd),
        IParenthesizedOperation { Operand: var operand } => EndOf(operand, fromEnd),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat, Operand.ConstantValue: { HasValue: true, Value: int back and >= 0 } } => ~back,
        { ConstantValue: { HasValue: true, Value: int index and >= 0 } } => index,
        _ => null,
    };

    private static long? Offset(int? end, long? count) => end < 0 ? count - ~end : end;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
