using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds positions that are counted from the end as in Python, with a minus, which C# writes with <c>^</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CountFromTheEndWithHatAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.NegativePosition)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        var index = start.Compilation.GetTypeByMetadataName("System.Index");
        var positions = start.Compilation.GetTypeByMetadataName("Pyvene.Typed.Positions");
        start.RegisterOperationAction(
            operation =>
            {
                if (operation.Operation.Type is { } type
                    && (SymbolEqualityComparer.Default.Equals(type, index) || SymbolEqualityComparer.Default.Equals(type, positions)))
                {
                    Check(operation);
                }

            },
            OperationKind.Conversion);
    }

    private static void Check(OperationAnalysisContext context)
    {
        var conversion = (IConversionOperation)context.Operation;
        if (ValueOf(conversion.Operand) is not (< 0 and > int.MinValue and var position) || !IsOurs(conversion)) return;
        var fromEnd = "^" + (-position).ToString(CultureInfo.InvariantCulture);
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.NegativePosition,
            conversion.Operand.Syntax.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Name, fromEnd),
            position,
            fromEnd));
    }

    // A constant, or a local or a static field that is set once, to one.
    private static int? ValueOf(IOperation operand)
    {
        if (operand.ConstantValue is { HasValue: true, Value: int constant }) return constant;
        if (operand is IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field }) return InitialOf(field);
        if (operand is not ILocalReferenceOperation { Local: var local }) return null;
        IOperation root = operand;
        while (root.Parent is { } parent) root = parent;
        return new ExperimentSyntax([.. root.Descendants()]).ValueOf(local) is { ConstantValue: { HasValue: true, Value: int held } } ? held : null;
    }

    // Where a static constructor may set it too, it is left alone.
    private static int? InitialOf(IFieldSymbol field) =>
        field.ContainingType.StaticConstructors.All(constructor => constructor.IsImplicitlyDeclared)
        && field.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).FirstOrDefault() is VariableDeclaratorSyntax
        {
            Initializer.Value: PrefixUnaryExpressionSyntax
            {
                RawKind: (int)SyntaxKind.UnaryMinusExpression,
                Operand: LiteralExpressionSyntax { Token.Value: int number },
            },
        } ? -number : null;

    private static bool IsOurs(IOperation operation)
    {
        var current = operation;
        while (current is not (null or IArgumentOperation)) current = current.Parent;
        return current is IArgumentOperation { Parameter.ContainingSymbol: var member } && LibraryTypes.Owns(member);
    }
}
