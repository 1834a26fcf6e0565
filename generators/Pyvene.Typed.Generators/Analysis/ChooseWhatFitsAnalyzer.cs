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
        start.RegisterSyntaxNodeAction(node => CheckCall(node, types), SyntaxKind.InvocationExpression);
        start.RegisterSyntaxNodeAction(CheckAssignment, SyntaxKind.SimpleAssignmentExpression);
        start.RegisterSyntaxNodeAction(CheckLoop, SyntaxKind.ForEachStatement);
    }

    private static void CheckCall(SyntaxNodeAnalysisContext context, LibraryTypes types)
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
        else if (ArgumentRemedies.For(call, name.Identifier.ValueText, type, types, argument => TypeOf(argument, context)) is var (argument, help)) Report(context, argument, help);
    }

    // experiment = experiment.Interchange(…) with a source more than the variable's type knows.
    private static void CheckAssignment(SyntaxNodeAnalysisContext context)
    {
        var assignment = (AssignmentExpressionSyntax)context.Node;
        if (TypeOf(assignment.Left, context) is not { Name: "Experiment", Arity: 2 } into || TypeOf(assignment.Right, context) is not { Name: "Experiment", Arity: 2 } value) return;
        if (!LibraryTypes.Owns(into) || !LibraryTypes.Owns(value) || !SymbolEqualityComparer.Default.Equals(into.TypeArguments[0], value.TypeArguments[0])) return;
        if (SymbolEqualityComparer.Default.Equals(into.TypeArguments[1], value.TypeArguments[1])) return;
        Report(context, assignment.Left, $"it is declared with {into.TypeArguments[1].Name}, and the step makes that {value.TypeArguments[1].Name}; use a new variable, or begin with WithSources(…)");
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
