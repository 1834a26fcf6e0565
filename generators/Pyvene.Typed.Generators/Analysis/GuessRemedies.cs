using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Knows what to write where a member is guessed whose work is done by more than one other member.</summary>
internal static class GuessRemedies
{
    private const string Handle = "what a step collected is read with its handle; write Collect(place, out var handle), and then run[handle]";
    private const string Tokenizer = "the tokenizer does this; write model.Tokenizer!.Encode(text), and Decode(ids) for the way back";
    private const string Sizes = "the fields of config.json tell it; write model.Module.Config.GetInteger(\"…\")";
    private const string Own = "a metric of your own is a function of the next token's logits; write Metric.Of(\"…\", logits => …)";
    private const string Shape = "a place is a name and has no values; those of a run have, as in Collect(place, out var handle) and then run[handle].shape";

    private static readonly Dictionary<(string Owner, string Member), string> Instance = new()
    {
        [("Experiment", "Noise")] = "noise is drawn once and kept; write Apply(place, new Noise(vector, level)), of Pyvene.Typed.Interventions",
        [("Experiment", "Mean")] = "a mean is a constant; collect the values over some prompts, and write Interchange(place, mean)",
        [("Experiment", "MeanAblate")] = "a mean is a constant; collect the values over some prompts, and write Interchange(place, mean)",
        [("Experiment", "ResampleAblate")] = "values of another prompt are a source; write Interchange(place), and give that prompt to the run",
        [("Experiment", "Scale")] = "write Apply(place, values => values * 2)",
        [("Experiment", "Multiply")] = "write Apply(place, values => values * 2)",
        [("Experiment", "Freeze")] = "values that stay are a constant; collect them in a run of their own, and write Interchange(place, values)",
        [("Experiment", "Run")] = "the model runs it; write model.Run(experiment, \"…\")",
        [("Experiment", "RunOn")] = "the model runs it; write model.Run(experiment, \"…\")",
        [("Experiment", "Train")] = "a plan is trained; write model.Bind(experiment).Train(examples, options)",
        [("ExperimentRun", "Collected")] = Handle,
        [("ExperimentRun", "Activations")] = Handle,
        [("ExperimentRun", "Cache")] = Handle,
        [("ExperimentRun", "Get")] = Handle,
        [("ExperimentRun", "Text")] = "a run generates no text; TopTokens(5) gives the likeliest next tokens, and model.Generate(…) writes on",
        [("ExperimentRun", "Loss")] = "a run computes no loss; compute it from its Logits, or write Measure(metric)",
        [("ExperimentRun", "LogProbabilities")] = "write nn.functional.log_softmax(run.Logits, -1)",
        [("ExperimentRun", "LogitDifference")] = "write Measure(Metric.LogitDifference(\"…\", \"…\"))",
        [("ExperimentRun", "Kl")] = "write Measure(Metric.DivergenceFromClean)",
        [("ExperimentRun", "KlDivergence")] = "write Measure(Metric.DivergenceFromClean)",
        [("ExperimentRun", "Difference")] = "write run.Logits - run.CleanLogits",
        [("ExperimentRun", "Tokens")] = Tokenizer,
        [("Collected", "Shape")] = "a handle has no values; those of a run have, as in run[handle].shape",
        [("Collected", "Value")] = "a handle has no values; those of a run have, as in run[handle]",
        [("Collected", "Values")] = "a handle has no values; those of a run have, as in run[handle]",
        [("LanguageModel", "HeadSize")] = Sizes,
        [("LanguageModel", "HeadDim")] = Sizes,
        [("LanguageModel", "DHead")] = Sizes,
        [("LanguageModel", "DMlp")] = Sizes,
        [("LanguageModel", "MaxLength")] = Sizes,
        [("LanguageModel", "ContextLength")] = Sizes,
        [("LanguageModel", "Context")] = Sizes,
        [("LanguageModel", "VocabularySize")] = "write model.Tokenizer!.VocabularySize",
        [("LanguageModel", "VocabSize")] = "write model.Tokenizer!.VocabularySize",
        [("LanguageModel", "DVocab")] = "write model.Tokenizer!.VocabularySize",
        [("LanguageModel", "Config")] = "write model.Module.Config",
        [("LanguageModel", "Device")] = "write model.Module.parameters().First().device",
        [("LanguageModel", "Dtype")] = "write model.Module.parameters().First().dtype",
        [("LanguageModel", "ParameterCount")] = "write model.Module.parameters().Sum(weights => weights.numel())",
        [("LanguageModel", "To")] = "weights go where they are loaded to; write Load(folder, device), or model.Module.to(device)",
        [("LanguageModel", "Cuda")] = "weights go where they are loaded to; write Load(folder, device), or model.Module.to(device)",
        [("LanguageModel", "Layers")] = "layers are those of its architecture; write Gpt2.AllLayers.On(model)",
        [("LanguageModel", "AllLayers")] = "layers are those of its architecture; write Gpt2.AllLayers.On(model)",
        [("LanguageModel", "Tokenize")] = Tokenizer,
        [("LanguageModel", "Encode")] = Tokenizer,
        [("LanguageModel", "Decode")] = Tokenizer,
        [("LanguageModel", "Tokens")] = Tokenizer,
        [("LanguageModel", "ToTokens")] = Tokenizer,
        [("LanguageModel", "Logits")] = "a run has them; write model.Run(\"…\"), and then run.Logits",
        [("LanguageModel", "Collect")] = "an experiment collects; write model.Run(Gpt2.Experiment.Collect(place, out var handle), \"…\"), and then run[handle]",
        [("LanguageModel", "Train")] = "a plan is trained; write model.Bind(experiment).Train(examples, options)",
        [("LanguageModel", "Gradients")] = "a run has them; run with new RunOptions { Gradients = true }, and write run.Gradient(score, handle)",
        [("Place", "Shape")] = Shape,
        [("Place", "Width")] = Shape,
        [("Place", "Size")] = Shape,
        [("Place", "Name")] = "write place.ToString()",
        [("Place", "Last")] = "the last position is ^1, as in At(^1)",
        [("Place", "First")] = "the first position is 0, as in At(0)",
        [("SweepTable", "Max")] = "its values by row and column are ToArray(), and those of one cell table[row, column]",
        [("SweepTable", "Min")] = "its values by row and column are ToArray(), and those of one cell table[row, column]",
        [("SweepTable", "Best")] = "its values by row and column are ToArray(), and those of one cell table[row, column]",
        [("SweepTable", "Mean")] = "its values by row and column are ToArray(), and those of one cell table[row, column]",
        [("SweepTable", "Plot")] = "it is drawn elsewhere; write Save(\"table.csv\") or Save(\"table.json\")",
    };

    private static readonly Dictionary<(string Owner, string Member), string> Static = new()
    {
        [("Metric", "Loss")] = Own,
        [("Metric", "CrossEntropy")] = Own,
        [("Metric", "LogProbability")] = Own,
        [("Metric", "LogProb")] = Own,
        [("Metric", "Entropy")] = Own,
        [("Positions", "Range")] = "write Positions.In(0..3)",
        [("Positions", "Where")] = "positions that a program chooses are a list, as in At([.. positions])",
        [("Source", "Of")] = "the prompt of a source is given to the run, behind the base",
        [("Prompt", "FromText")] = "a text is a prompt already; several are Prompt.Of(\"…\", \"…\")",
    };

    private static readonly Dictionary<string, string> Architecture = new()
    {
        ["LayerCount"] = "how many there are shows on a model, model.LayerCount, or a checkpoint, Gpt2.Small.AllLayers.Count",
        ["FirstLayer"] = "write Layer(0)",
        ["LastLayer"] = "the last of a known checkpoint is Gpt2.Small.AllLayers[^1]",
    };

    private static readonly Dictionary<string, string> Layer = new()
    {
        ["Head"] = "heads are chosen of a component that has them, as in HeadAttentionValueOutput.Head(3)",
        ["Heads"] = "heads are chosen of a component that has them, as in HeadAttentionValueOutput.Heads(0, 3)",
    };

    /// <summary>Returns what to write instead of a member that is not there, or <see langword="null"/> when nothing is known.</summary>
    /// <param name="member">What is named.</param>
    /// <param name="type">The type that it is looked for on.</param>
    /// <param name="isStatic">Whether it is looked for on the class itself.</param>
    /// <param name="types">The library's types.</param>
    public static string? For(string member, INamedTypeSymbol type, bool isStatic, LibraryTypes types)
    {
        if (types.IsArchitecture(type) && (isStatic ? Architecture : Layer).TryGetValue(member, out var remedy)) return remedy;
        for (INamedTypeSymbol? owner = type; owner is not null; owner = owner.BaseType)
        {
            if (LibraryTypes.Owns(owner) && (isStatic ? Static : Instance).TryGetValue((owner.Name, member), out remedy)) return remedy;
        }

        return null;
    }

    /// <summary>Returns how a value of a type is made that has no constructor, or <see langword="null"/>.</summary>
    /// <param name="type">The type.</param>
    /// <param name="types">The library's types.</param>
    public static string? ForCreation(INamedTypeSymbol type, LibraryTypes types) =>
        type.Name == "Prompt" && LibraryTypes.Owns(type) ? "a text is a prompt already; several are Prompt.Of(\"…\", \"…\")"
        : LibraryTypes.Owns(type) && types.IsArchitecture(type) && !types.IsModule(type)
            ? $"write {type.Name}.Load(\"…\") for a model with its weights; Create(…) makes one with random weights"
        : null;

    /// <summary>Returns what to write for a value that another type is asked for, or <see langword="null"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="into">The type that is asked for.</param>
    public static string? ForValue(SyntaxNode value, ITypeSymbol type, ITypeSymbol into) => (type.Name, into) switch
    {
        ("GeneratedText", { SpecialType: SpecialType.System_String }) when LibraryTypes.Owns(type) => $"it has a text for each prompt; write {value}.Texts[0]",
        (_, { Name: "Prompt" }) when LibraryTypes.Owns(into) && type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int32 } =>
            $"token ids are a prompt as Prompt.OfTokens({value})",
        _ => null,
    };
}
