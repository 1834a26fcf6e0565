using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Says what to do where the compiler can only say that something does not fit: heads of what has none, sources that are too many, a loop over layers whose number nobody knows.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ChooseWhatFitsAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.Unfitting)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        start.RegisterSyntaxNodeAction(CheckCall, SyntaxKind.InvocationExpression);
        start.RegisterSyntaxNodeAction(CheckLoop, SyntaxKind.ForEachStatement);
    }

    private static void CheckCall(SyntaxNodeAnalysisContext context)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        if (call.Expression is not MemberAccessExpressionSyntax { Name: var name, Expression: var receiver }
            || context.SemanticModel.GetSymbolInfo(call, context.CancellationToken).Symbol is not null
            || TypeOf(receiver, context) is not { } type)
        {
            return;
        }

        // Where the member exists, its arguments are wrong, and the compiler says which.
        var exists = !context.SemanticModel.LookupSymbols(name.SpanStart, type, name.Identifier.ValueText, includeReducedExtensionMethods: true).IsEmpty;
        if (!exists && PlaceRemedies.For(name.Identifier.ValueText, type) is { } remedy) Report(context, name, remedy);
        else if (SourceRemedies.For(call, name.Identifier.ValueText, type, argument => TypeOf(argument, context)) is { } advice) Report(context, name, advice);
    }

    private static void CheckLoop(SyntaxNodeAnalysisContext context)
    {
        var over = ((ForEachStatementSyntax)context.Node).Expression;
        if (TypeOf(over, context) is { Name: "Axis", Arity: 2 } type && LibraryTypes.Owns(type))
        {
            Report(context, over, "how many there are shows on a model only; write On(model) behind it, or take those of a checkpoint, such as Gpt2.Small.AllLayers");
        }
    }

    private static INamedTypeSymbol? TypeOf(ExpressionSyntax expression, SyntaxNodeAnalysisContext context) =>
        context.SemanticModel.GetTypeInfo(expression, context.CancellationToken).Type as INamedTypeSymbol;

    private static void Report(SyntaxNodeAnalysisContext context, ExpressionSyntax place, string remedy) =>
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.Unfitting, place.GetLocation(), place.ToString(), remedy));
}
