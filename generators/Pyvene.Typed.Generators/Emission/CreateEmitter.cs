using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Emission;

/// <summary>Writes what makes a model with random weights, with one parameter a size, where the library has a class of the architecture.</summary>
internal static class CreateEmitter
{
    private const string Library = "global::Pyvene.Typed.";
    private const string Torch = "global::TorchSharp.torch.";
    private const string List = "global::System.Collections.Generic.IReadOnlyList<int>";

    private static readonly string[] OwnParameters = ["className", "device", "dtype", "seed"];

    // Sizes are named alike in all descriptors: docs/descriptors.md.
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["layers"] = "How many layers there are",
        ["dModel"] = "The width, in numbers a position, of what goes from layer to layer",
        ["heads"] = "How many query heads a layer has",
        ["kvHeads"] = "How many key/value heads a layer has, a divisor of the number of query heads",
        ["dHead"] = "The width of a head, in numbers",
        ["dMlp"] = "The width of the MLP's hidden values, in numbers a position",
        ["vocab"] = "How many tokens the vocabulary has, whose ids count from 0",
        ["context"] = "For how many positions the model is made",
        ["labels"] = "How many labels a classifier has",
        ["dEmbedding"] = "How many channels the first convolution makes",
        ["dStage"] = "How many channels each stage makes",
        ["blocks"] = "How many blocks each stage has",
    };

    /// <summary>Writes the method.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="model">The model.</param>
    public static void Write(SourceWriter writer, ModelSpec model)
    {
        if (BuildableClasses.Of(model) is not { Count: > 0 } classes) return;
        var isLanguage = model.Family == ModelFamily.LanguageModel;
        var sizes = Parameters(model);
        writer.Line();
        WriteDocumentation(writer, model, classes, sizes);
        writer.Line($"public static {Library}{(isLanguage ? $"LanguageModel<{model.Type}>" : "Models.PretrainedModel")} Create(");
        foreach (var (size, _, isList) in sizes) writer.Line($"    {(isList ? List : "int")}? {Identifier(size.Name)} = null,");
        if (!isLanguage) writer.Line("    string? className = null,");
        writer.Line("    long seed = 0,");
        writer.Line($"    {Torch}Device? device = null,");
        writer.Line($"    {Torch}ScalarType? dtype = null) =>");
        var given = string.Join(", ", sizes.Select(item => $"({Literals.Of(item.Field)}, {Identifier(item.Size.Name)})"));
        var made = $"{Library}Running.FreshModel.Create<{model.Type}>({(isLanguage ? "null" : "className")}, [{given}], seed, device, dtype)";
        writer.Line($"    {(isLanguage ? $"new({made}, null)" : made)};");
    }

    /// <summary>
    /// Returns the sizes that a configuration says itself, each by the first field that it may stand in; one that follows from others, or is one element of a
    /// list, is none.
    /// </summary>
    private static IReadOnlyList<(SizeSpec Size, string Field, bool IsList)> Parameters(ModelSpec model)
    {
        var said = model.Sizes.Where(size => !OwnParameters.Contains(size.Name))
            .Select(size => (Size: size, Place: FieldOf(model, size)))
            .Where(item => item.Place is not null)
            .Select(item => (item.Size, item.Place!.Value.Field, item.Place.Value.Index))
            .ToArray();
        var lists = new HashSet<string>(said.Where(item => item.Index is not null).Select(item => item.Field), StringComparer.Ordinal);
        return
        [
            .. said.Where(item => item.Index == (lists.Contains(item.Field) ? SizeExpression.LayerIndex : null))
                .GroupBy(item => item.Field)
                .Select(group => (group.First().Size, group.Key, lists.Contains(group.Key))),
        ];
    }

    private static (string Field, string? Index)? FieldOf(ModelSpec model, SizeSpec size)
    {
        var expression = SizeExpression.WithoutDefault(size.Alternatives.First()).Expression.Trim();
        var (field, index) = SizeExpression.Element(expression);
        var isField = SizeExpression.IsReadable(expression) && SizeExpression.Names(expression).SequenceEqual([field])
            && !field.Contains('.') && model.Sizes.All(other => other.Name != field);
        return isField ? (field, index) : null;
    }

    private static void WriteDocumentation(
        SourceWriter writer, ModelSpec model, IReadOnlyList<string> classes, IReadOnlyList<(SizeSpec Size, string Field, bool IsList)> sizes)
    {
        var isLanguage = model.Family == ModelFamily.LanguageModel;
        DocCommentEmitter.WriteSummary(writer, "Makes a model of these sizes with random weights, as training starts with them.");
        foreach (var (size, field, isList) in sizes)
        {
            var meaning = Meanings.TryGetValue(size.Name, out var words) ? words : $"The size <c>{DocCommentEmitter.Escape(size.Name)}</c>";
            var kind = isList ? ", a list with one number a layer" : "";
            var stated = DocCommentEmitter.Escape(field);
            writer.Line($"/// <param name=\"{size.Name}\">{meaning}{kind}: <c>{stated}</c> in <c>config.json</c>, at least 1. {Default(size, stated)}</param>");
        }

        var names = string.Join(", ", classes.Select(name => $"<c>{DocCommentEmitter.Escape(name)}</c>"));
        if (!isLanguage) writer.Line($"/// <param name=\"className\">The class to build, of {names}; <see langword=\"null\"/> = the one without a "
            + "head.</param>");
        writer.Line("/// <param name=\"seed\">The seed of the weights, any number: the same seed makes the same weights, on every device.</param>");
        writer.Line("/// <param name=\"device\">Where the weights go, such as <c>torch.CUDA</c>; <see langword=\"null\"/> = the CPU. On <c>meta</c> "
            + "the model has shapes but no weights.</param>");
        writer.Line("/// <param name=\"dtype\">The floating-point type of the weights, which are drawn as float32; <see langword=\"null\"/> = "
            + "float32.</param>");
        var prompts = isLanguage ? " It has no tokenizer: prompts are token ids, <c>Prompt.OfTokens</c>." : "";
        writer.Line($"/// <returns>The model in evaluation mode, its parameters without gradients; the caller disposes it.{prompts}</returns>");
        writer.Line($"/// <exception cref=\"{Library}Errors.CheckpointException\">A size is out of range or does not fit another, as a "
            + "<c>config.json</c> is refused that says the same.</exception>");
        var unfit = isLanguage ? "" : ", or <paramref name=\"className\"/> cannot be built, or has no size that is given";
        writer.Line($"/// <exception cref=\"global::System.ArgumentException\"><paramref name=\"dtype\"/> is no floating-point type{unfit}.</exception>");
    }

    private static string Default(SizeSpec size, string field) =>
        size.Alternatives.Select(alternative => SizeExpression.WithoutDefault(alternative).Default).FirstOrDefault(value => value is not null) is { } number
            ? $"Default: {Literals.Of(number)}."
        : size.Alternatives.Skip(1).FirstOrDefault() is { } otherwise ? $"Default: <c>{DocCommentEmitter.Escape(otherwise)}</c>."
        : $"Default: what a <c>config.json</c> without <c>{field}</c> means.";

    private static string Identifier(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
