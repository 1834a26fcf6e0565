using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Reads off a method's text whether what it returns is new, or what it was given.</summary>
internal static class ReturnedValues
{
    /// <summary>Returns whether every value that a method returns is certainly made by a call in it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static bool AreNew(IMethodSymbol method, CancellationToken cancellation)
    {
        if (method.DeclaringSyntaxReferences is not [var reference]) return false; // of another assembly: nothing is known
        var text = reference.GetSyntax(cancellation);
        var values = Own(text).OfType<ReturnStatementSyntax>().Select(statement => statement.Expression)
            .Concat(text.ChildNodes().OfType<ArrowExpressionClauseSyntax>().Select(arrow => (ExpressionSyntax?)arrow.Expression))
            .OfType<ExpressionSyntax>()
            .ToArray();
        return values.Length > 0 && values.All(value => IsNew(value, text, method));
    }

    private static bool IsNew(ExpressionSyntax value, SyntaxNode text, IMethodSymbol method) => value switch
    {
        ParenthesizedExpressionSyntax inner => IsNew(inner.Expression, text, method),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => IsNew(sure.Operand, text, method),
        ThrowExpressionSyntax => true,
        ConditionalExpressionSyntax either => IsNew(either.WhenTrue, text, method) && IsNew(either.WhenFalse, text, method),
        InvocationExpressionSyntax call => Inputs(call).All(input => !MayBeGiven(input, text, method)),
        IdentifierNameSyntax { Identifier.ValueText: var name } => Own(text).OfType<VariableDeclaratorSyntax>().ToArray() is var locals
            && locals.SingleOrDefault(local => local.Identifier.ValueText == name)?.Initializer?.Value is InvocationExpressionSyntax first
            && !Own(text).OfType<AssignmentExpressionSyntax>().Any(set => set.Left is IdentifierNameSyntax left && left.Identifier.ValueText == name)
            && IsNew(first, text, method),
        _ => false,
    };

    private static IEnumerable<ExpressionSyntax> Inputs(InvocationExpressionSyntax call)
    {
        var arguments = call.ArgumentList.Arguments.Select(argument => argument.Expression);
        return call.Expression is MemberAccessExpressionSyntax { Expression: var receiver } ? arguments.Append(receiver) : arguments;
    }

    // A call hands back what goes into it as it is: a parameter of the type, a local that may hold one, or another call that does.
    private static bool MayBeGiven(ExpressionSyntax input, SyntaxNode text, IMethodSymbol method) => input switch
    {
        IdentifierNameSyntax { Identifier.ValueText: var name } =>
            Own(text).OfType<VariableDeclaratorSyntax>().Any(local => local.Identifier.ValueText == name)
            || method.Parameters.Any(parameter => parameter.Name == name
                && SymbolEqualityComparer.Default.Equals(parameter.Type, method.ReturnType)),
        InvocationExpressionSyntax call => Inputs(call).Any(inner => MayBeGiven(inner, text, method)),
        ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax or ConditionalExpressionSyntax or CastExpressionSyntax or BinaryExpressionSyntax =>
            input.ChildNodes().OfType<ExpressionSyntax>().Any(inner => MayBeGiven(inner, text, method)),
        _ => false,
    };

    // What stands in functions inside of the method is theirs.
    private static IEnumerable<SyntaxNode> Own(SyntaxNode text) =>
        text.DescendantNodes(node => node == text || node is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax));
}
