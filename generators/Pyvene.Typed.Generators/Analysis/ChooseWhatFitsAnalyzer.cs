using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>
/// Says what to do where the compiler can only say that something does not fit: heads of what has none, sources that are too many, a loop over layers whose
/// number nobody knows.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ChooseWhatFitsAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.Unfitting)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        start.RegisterSyntaxNodeAction(node => CheckCall(node, types), SyntaxKind.InvocationExpression);
        start.RegisterSyntaxNodeAction(CheckAssignment, SyntaxKind.SimpleAssignmentExpression);
        start.RegisterSyntaxNodeAction(CheckLoop, SyntaxKind.ForEachStatement);
        start.RegisterSyntaxNodeAction(node => CheckMember(node, types), SyntaxKind.SimpleMemberAccessExpression);
        start.RegisterSyntaxNodeAction(node => CheckCreation(node, types), SyntaxKind.ObjectCreationExpression);
        start.RegisterSyntaxNodeAction(CheckValue, SyntaxKind.EqualsValueClause);
        start.RegisterSyntaxNodeAction(node => CheckIndexer(node, types), SyntaxKind.ElementAccessExpression);
        start.RegisterSyntaxNodeAction(node => CheckTypeArgument(node, types), SyntaxKind.GenericName);
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
        // Bind does not count as one of an experiment on another class.
        var exists = name.Identifier.ValueText == "Bind"
            || !context.SemanticModel.LookupSymbols(name.SpanStart, type, name.Identifier.ValueText, includeReducedExtensionMethods: true).IsEmpty;
        if (!exists && PlaceRemedies.For(name.Identifier.ValueText, type) is { } remedy) Report(context, name, remedy);
        else if (SourceRemedies.ForAxes(call, name.Identifier.ValueText, type, argument => TypeOf(argument, context)) is { } axes) Report(context, name, axes);
        else if (CellRemedies.IsBroken(call, context.SemanticModel, context.CancellationToken)) return;
        else if (SourceRemedies.For(call, name.Identifier.ValueText, type, argument => TypeOf(argument, context)) is { } advice) Report(context, name, advice);
        else if (exists && ArgumentRemedies.For(call, name.Identifier.ValueText, type, types, argument =>
            context.SemanticModel.GetTypeInfo(argument, context.CancellationToken).Type) is var (argument, help)) Report(context, argument, help);
    }

    // experiment = experiment.Interchange(…) with a source more than the variable's type knows.
    private static void CheckAssignment(SyntaxNodeAnalysisContext context)
    {
        var assignment = (AssignmentExpressionSyntax)context.Node;
        if (TypeOf(assignment.Left, context) is not { Name: "Experiment", Arity: 2 } into
            || TypeOf(assignment.Right, context) is not { Name: "Experiment", Arity: 2 } value)
        {
            return;
        }

        if (!LibraryTypes.Owns(into) || !LibraryTypes.Owns(value) || !SymbolEqualityComparer.Default.Equals(into.TypeArguments[0], value.TypeArguments[0]))
        {
            return;
        }

        if (SymbolEqualityComparer.Default.Equals(into.TypeArguments[1], value.TypeArguments[1])) return;
        Report(
            context,
            assignment.Left,
            $"it is declared with {into.TypeArguments[1].Name}, and the step makes that {value.TypeArguments[1].Name}; "
                + "use a new variable, or begin with WithSources(…)");
    }

    private static void CheckLoop(SyntaxNodeAnalysisContext context)
    {
        var over = ((ForEachStatementSyntax)context.Node).Expression;
        if (TypeOf(over, context) is { Name: "Axis", Arity: 2 } type && LibraryTypes.Owns(type))
        {
            Report(
                context,
                over,
                "how many there are shows on a model only; write On(model) behind it, or take those of a checkpoint, such as Gpt2.Small.AllLayers");
        }
    }

    // Gpt2.MlpOutput, Positions.Last: members of a class that it does not have.
    private static void CheckMember(SyntaxNodeAnalysisContext context, LibraryTypes types)
    {
        var access = (MemberAccessExpressionSyntax)context.Node;
        var name = access.Name.Identifier.ValueText;
        if (CellRemedies.For(access, context.SemanticModel, context.CancellationToken) is { } order) Report(context, access.Expression, order);
        var asType = context.SemanticModel.GetSymbolInfo(access.Expression, context.CancellationToken).Symbol as INamedTypeSymbol;
        if ((asType ?? TypeOf(access.Expression, context)) is not { } type) return;
        if (asType is not null && asType.GetMembers(name).IsEmpty && PlaceRemedies.ForStatic(name, asType, types) is { } remedy)
        {
            Report(context, access.Name, remedy);
        }
        else if (GuessRemedies.For(name, type, asType is not null, types) is { } guess
            && context.SemanticModel.LookupSymbols(access.Name.SpanStart, type, name, includeReducedExtensionMethods: true).IsEmpty)
        {
            Report(context, access.Name, guess);
        }
    }

    // new Prompt("…"): what is made in another way.
    private static void CheckCreation(SyntaxNodeAnalysisContext context, LibraryTypes types)
    {
        var creation = (ObjectCreationExpressionSyntax)context.Node;
        if (context.SemanticModel.GetSymbolInfo(creation, context.CancellationToken).Symbol is null
            && TypeOf(creation, context) is { } type
            && GuessRemedies.ForCreation(type, types) is { } remedy)
        {
            Report(context, creation.Type, remedy);
        }
    }

    // string text = model.Generate("…"): a value that becomes another only by a member.
    private static void CheckValue(SyntaxNodeAnalysisContext context)
    {
        var value = ((EqualsValueClauseSyntax)context.Node).Value;
        var (type, into) = context.SemanticModel.GetTypeInfo(value, context.CancellationToken) is var info ? (info.Type, info.ConvertedType) : default;
        if (type is not null && into is not null && !SymbolEqualityComparer.Default.Equals(type, into)
            && GuessRemedies.ForValue(value, type, into) is { } remedy
            && !context.SemanticModel.ClassifyConversion(value, into).Exists)
        {
            Report(context, value, remedy);
        }
    }

    // Gpt2.Layer[3], run["name"]: what is chosen in parentheses, or with a handle.
    private static void CheckIndexer(SyntaxNodeAnalysisContext context, LibraryTypes types)
    {
        var access = (ElementAccessExpressionSyntax)context.Node;
        if (access is
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Layer" or "Layers", Expression: var owner },
                ArgumentList.Arguments: [{ Expression: var index }],
            }
            && context.SemanticModel.GetSymbolInfo(owner, context.CancellationToken).Symbol is INamedTypeSymbol type && types.IsArchitecture(type))
        {
            Report(context, access, $"a layer is chosen in parentheses; write {owner}.Layer({index})");
        }
        else if (access.ArgumentList.Arguments is [{ Expression: var key }]
            && TypeOf(key, context) is { } kind
            && (kind.SpecialType is SpecialType.System_String or SpecialType.System_Int32 || PlaceRemedies.Is(kind, "Place"))
            && TypeOf(access.Expression, context) is INamedTypeSymbol { Name: "ExperimentRun" or "ModuleRun", IsGenericType: true } run
            && LibraryTypes.Owns(run))
        {
            Report(context, key, "what a step collected is read with its handle; write Collect(place, out var handle), and then run[handle]");
        }
    }

    // Experiment.On<MyNet>() where MyNet offers no components.
    private static void CheckTypeArgument(SyntaxNodeAnalysisContext context, LibraryTypes types)
    {
        var name = (GenericNameSyntax)context.Node;
        if (name is not
            {
                Identifier.ValueText: "On",
                TypeArgumentList.Arguments: [var argument],
                Parent: MemberAccessExpressionSyntax { Expression: var owner },
            })
        {
            return;
        }

        if (context.SemanticModel.GetSymbolInfo(owner, context.CancellationToken).Symbol is not INamedTypeSymbol { Name: "Experiment" } experiment
            || !LibraryTypes.Owns(experiment))
        {
            return;
        }

        if (TypeOf(argument, context) is not { TypeKind: TypeKind.Class } type
            || type.AllInterfaces.Any(contract => contract.Name == "IArchitecture" && LibraryTypes.Owns(contract)))
        {
            return;
        }

        if (type.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "InterventionModelAttribute" } marker && LibraryTypes.Owns(marker)))
        {
            return; // its own rule says what it lacks
        }

        Report(context, argument, LibraryTypes.Owns(type) ? "a model of a known architecture is begun with that, such as Mlp.Experiment"
            : types.IsModule(type) && type.DeclaringSyntaxReferences.IsEmpty
                ? "a class of another library offers no components; hold it in a field of a class of your own, with [InterventionModel], and begin with that"
                : "it offers no components; write [InterventionModel] before its class, and make that partial");
    }

    private static INamedTypeSymbol? TypeOf(ExpressionSyntax expression, SyntaxNodeAnalysisContext context) =>
        context.SemanticModel.GetTypeInfo(expression, context.CancellationToken).Type as INamedTypeSymbol;

    private static void Report(SyntaxNodeAnalysisContext context, ExpressionSyntax place, string remedy) =>
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.Unfitting, place.GetLocation(), place.ToString(), remedy));
}
