using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows what to write where the cell of a sweep takes its axes in another order than they are given.</summary>
internal static class CellRemedies
{
    /// <summary>Returns what to do where a member is read of one axis of a cell that the other has; else <see langword="null"/>.</summary>
    /// <param name="access">The reading of the member.</param>
    /// <param name="model">What the compiler knows.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static string? For(MemberAccessExpressionSyntax access, SemanticModel model, CancellationToken cancellation)
    {
        if (model.GetSymbolInfo(access.Expression, cancellation).Symbol is not IParameterSymbol
            {
                ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.LambdaMethod, Parameters: [var first, var second] },
            } parameter
            || !access.Ancestors().OfType<LambdaExpressionSyntax>().Any(IsCell))
        {
            return null;
        }

        var other = SymbolEqualityComparer.Default.Equals(parameter, first) ? second : first;
        return !Has(parameter.Type) && Has(other.Type)
            ? $"it is a {parameter.Type.ToDisplayString(SymbolNames.WithOwners)} here, since a cell takes its axes in the order in which they are given; "
                + $"write ({second.Name}, {first.Name}) => …"
            : null;

        bool Has(ITypeSymbol type) =>
            !model.LookupSymbols(access.SpanStart, type, access.Name.Identifier.ValueText, includeReducedExtensionMethods: true).IsEmpty;
    }

    /// <summary>Returns whether a call is a sweep over cells that hold an error of their own, so that the number of their sources is a guess.</summary>
    /// <param name="call">The call.</param>
    /// <param name="model">What the compiler knows.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static bool IsBroken(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellation) =>
        call.ArgumentList.Arguments.Select(argument => argument.Expression).OfType<LambdaExpressionSyntax>().Where(IsCell)
            .SelectMany(cell => cell.DescendantNodes()).OfType<ExpressionSyntax>()
            .Any(part => part is InvocationExpressionSyntax or MemberAccessExpressionSyntax && model.GetSymbolInfo(part, cancellation).Symbol is null);

    private static bool IsCell(LambdaExpressionSyntax lambda) =>
        lambda.Parent is ArgumentSyntax
        {
            Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Sweep" } },
        };
}
