using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows what to write where an argument is of another kind than what the library takes.</summary>
internal static class ArgumentRemedies
{
    /// <summary>Returns the argument that does not fit and what to do, or <see langword="null"/> when nothing is known.</summary>
    /// <param name="call">The call.</param>
    /// <param name="method">What is called.</param>
    /// <param name="receiver">The type that it is called on.</param>
    /// <param name="types">The library's types.</param>
    /// <param name="typeOf">Returns the type of an argument.</param>
    public static (ExpressionSyntax Place, string Remedy)? For(
        InvocationExpressionSyntax call, string method, INamedTypeSymbol receiver, LibraryTypes types, Func<ExpressionSyntax, ITypeSymbol?> typeOf)
    {
        if (!LibraryTypes.Owns(receiver) && !types.IsArchitecture(receiver)) return null;
        if (method == "Collect" && call is { Expression: MemberAccessExpressionSyntax { Name: var name }, ArgumentList.Arguments: [{ Expression: var place }] })
        {
            return (name, $"what it collects is read with a handle; write Collect({place}, out var handle)");
        }

        if (ByForm(call, method, receiver) is { } said) return said;
        var arguments = call.ArgumentList.Arguments.Where(argument => !argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword))
            .Select(argument => argument.Expression)
            .ToArray();
        foreach (var argument in arguments)
        {
            if (typeOf(argument) is { } type && For(method, receiver, type, arguments, types) is { } remedy) return (argument, remedy);
        }

        return null;
    }

    // Lists in brackets have no type of their own where they do not fit, and names of arguments none at all.
    private static (ExpressionSyntax Place, string Remedy)? ByForm(InvocationExpressionSyntax call, string method, INamedTypeSymbol receiver)
    {
        foreach (var argument in call.ArgumentList.Arguments)
        {
            var remedy = (receiver.Name, argument) switch
            {
                ("Positions", { Expression: CollectionExpressionSyntax list }) when method == "OfText" => $"texts, one an example, are OfTexts({list})",
                ("LanguageModel" or "LanguagePlan", { Expression: CollectionExpressionSyntax list }) when method is "Run" or "Generate" =>
                    $"several prompts in one batch are Prompt.Of({list})",
                ("LanguageModel", { NameColon.Name.Identifier.ValueText: "maxNewTokens" }) =>
                    $"beside an experiment it is one of the options; write generation: new GenerationOptions {{ MaxNewTokens = {argument.Expression} }}",
                ("LanguageModel", { NameColon.Name.Identifier.ValueText: "gradients" }) => "write options: new RunOptions { Gradients = true }",
                ("LanguageModel", { NameColon.Name.Identifier.ValueText: "prompt" }) => "beside an experiment its name is @base",
                _ => null,
            };
            if (remedy is not null) return (argument.Expression, remedy);
        }

        return null;
    }

    private static string? For(
        string method, INamedTypeSymbol receiver, ITypeSymbol argument, ExpressionSyntax[] arguments, LibraryTypes types) => receiver.Name switch
    {
        "Experiment" when argument.SpecialType == SpecialType.System_String => "a place is a component, such as Gpt2.Layer(4).MlpOutput, and not its name",
        "Experiment" when method == "Bind" && argument is { Name: "LanguageModel" } && LibraryTypes.Owns(argument) =>
            "a loaded language model binds experiments on its own architecture; write model.Bind(experiment)",
        "Experiment" when method == "Bind" && types.IsModule(argument) && argument.DeclaringSyntaxReferences.IsEmpty =>
            $"the experiment is on {receiver.TypeArguments[0].Name}, and this is a {argument.Name} of {argument.ContainingAssembly.Name}; bind it to the "
                + "module that holds it",
        "Experiment" when method == "Bind" && types.IsModule(argument) =>
            $"the experiment is on {receiver.TypeArguments[0].Name}, and this is another class; begin it with Experiment.On<{argument.Name}>()",
        "Experiment" when IsSidesOfModule(argument) => "this is a module; take what goes into it, Input, or what comes out, Output",
        "Experiment" when types.IsArchitecture(argument) => $"this is a whole layer; take a component of it{ComponentOf(argument)}",
        "Experiment" when method == "Zero" && arguments.Length > 1 && argument is INamedTypeSymbol place
            && PlaceRemedies.Is(place, "Place") => "a step has one place; write a step for each, as in Zero(…).Zero(…)",
        "Experiment" when IsSequenceOfPlaces(argument) =>
            "a step has one place; write a step for each, as in places.Aggregate(experiment, (all, place) => all.Zero(place))",
        "Experiment" when argument is { Name: "Axis" or "KnownAxis" } && LibraryTypes.Owns(argument) =>
            "this is an axis; write a step for each of its layers, as in Gpt2.Small.AllLayers.Aggregate(experiment, (all, layer) => all.Zero(layer.MlpOutput))",
        "Experiment" when IsNumber(argument) => "a constant is a vector as wide as the place, a float[] or a Tensor",
        "Experiment" when argument is { Name: "Collected" } && LibraryTypes.Owns(argument) =>
            "what one step collects is known behind the run, and not to other steps; run twice, and give the values to the second as a constant",
        "LanguageModel" when !receiver.IsGenericType && argument is INamedTypeSymbol { Name: "Experiment", Arity: 2 } && LibraryTypes.Owns(argument) =>
            "this model's architecture is not known here; run experiment.ToConfig(), or load the model with its type, as in Gpt2.Load(…)",
        "LanguageModel" when argument is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } =>
            "token ids are a prompt as Prompt.OfTokens(…)",
        "LanguageModel" when method is "Run" or "Generate" && argument is INamedTypeSymbol place && PlaceRemedies.Is(place, "Place") =>
            "a place is no experiment; write Gpt2.Experiment.Collect(place, out var handle), and then run[handle]",
        "ExperimentRun" when method == "Measure" && argument.SpecialType == SpecialType.System_String =>
            $"it takes a metric; write Measure(Metric.Probability({arguments[0]}))",
        "Positions" when method == "Of" && argument is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int32 } =>
            $"a list of positions is given as it is, as in At({arguments[0]})",
        "LanguageModel" when IsSequenceOfExperiments(argument) => "these are several experiments; run one by one in a loop, or all of them in a Sweep",
        "LanguageModel" when argument.Name == "Tensor" && method is "Run" or "Generate" or "StreamAsync" =>
            "a prompt is a text, several as Prompt.Of(…), or token ids as Prompt.OfTokens(…)",
        _ when method == "Layer" && argument is { Name: "Index", ContainingNamespace.Name: "System" } =>
            "layers count from the start; the last of a known checkpoint is Gpt2.Small.AllLayers[^1]",
        _ when method == "Layer" && types.IsArchitecture(argument) => "this is a layer already; take a component of it, or give its number, Index",
        _ when argument is { Name: "Index", ContainingNamespace.Name: "System" } && HeadSteps.Choosing(method) is { } kind =>
            $"{kind.Word}s count from the start, as in {kind.One}(0)",
        _ when method is "At" or "ReadAt" or "Query" && HeadSteps.CountedBy(argument) is not null =>
            "this is a head, and positions are chosen here; heads are chosen with Head(…), of a component that has them",
        _ when method is "At" or "ReadAt" && IsSequence(argument, item => item.SpecialType == SpecialType.System_Int32) =>
            $"positions are a range or a list; write {method}(0..3), or {method}([.. {arguments[0]}])",
        _ when method == "Head" && argument is IArrayTypeSymbol => $"several heads are Heads({arguments[0]})",
        _ when method is "At" or "ReadAt" && arguments.Length > 1 && argument.SpecialType == SpecialType.System_String =>
            "a text stands for one place; write a step for each",
        _ when method == "From" && argument.SpecialType == SpecialType.System_String =>
            "a source is named by its number, as in From(Source.Second); its prompt is given to the run",
        _ when method == "Features" && arguments.Length > 1 && IsNumber(argument) =>
            $"several features are one value; write Features(Features.Of({string.Join(", ", arguments.AsEnumerable())}))",
        _ when method == "Features" && IsNumber(argument) =>
            $"features are a range or a value; write Features(Features.Of({arguments[0]})), or Neuron({arguments[0]}) of an MLP",
        _ => null,
    };

    // MyNet.Components.Fc1, which has both sides of a module.
    private static bool IsSidesOfModule(ITypeSymbol type) =>
        new[] { "Input", "Output" }.All(side => type.GetMembers(side) is [IPropertySymbol { Type: { } place }] && LibraryTypes.Owns(place));

    // Not every layer has the components of a transformer.
    private static string ComponentOf(ITypeSymbol layer)
    {
        var places = layer.GetMembers().OfType<IPropertySymbol>()
            .Where(member => member is { IsStatic: false, IsIndexer: false, Type: INamedTypeSymbol type } && PlaceRemedies.Is(type, "Place"))
            .Select(member => member.Name)
            .ToArray();
        return places.Contains("BlockOutput") ? ", such as BlockOutput" : places is [var first, ..] ? $", such as {first}" : "";
    }

    private static bool IsSequenceOfExperiments(ITypeSymbol type) => IsSequence(type, item => item.Name == "Experiment" && LibraryTypes.Owns(item));

    private static bool IsSequenceOfPlaces(ITypeSymbol type) => IsSequence(type, item => item is INamedTypeSymbol named && PlaceRemedies.Is(named, "Place"));

    private static bool IsSequence(ITypeSymbol type, Func<ITypeSymbol, bool> isItem) => type.AllInterfaces.Concat(type is INamedTypeSymbol named ? [named] : [])
        .Any(contract => contract is { Name: "IEnumerable", TypeArguments: [var item] } && isItem(item));

    private static bool IsNumber(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Single or SpecialType.System_Double;
}
