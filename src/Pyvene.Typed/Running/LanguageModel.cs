using Pyvene.Typed.Checkpoints.Hub;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using Pyvene.Typed.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Is a loaded language model with its tokenizer, of whatever architecture: it runs configurations. Where the architecture is known when a program is written,
/// <see cref="LanguageModel{TModel}"/> is this and takes typed experiments too. Disposing it disposes the weights.
/// </summary>
/// <remarks>Runs on one model are let in one at a time, from any thread.</remarks>
public partial class LanguageModel : IDisposable
{
    private readonly CancellationTokenSource closing = new(); // never disposed: a stream may still ask it

    /// <summary>Initialises the handle from a model and a tokenizer.</summary>
    /// <param name="module">The model; the handle disposes it.</param>
    /// <param name="tokenizer">The tokenizer; <see langword="null"/> = prompts are token ids.</param>
    public LanguageModel(PretrainedModel module, TextTokenizer? tokenizer)
        : this(module, tokenizer, ArchitectureDescriptor.FindByClass(module.Given().GetName()))
    {
    }

    private protected LanguageModel(PretrainedModel module, TextTokenizer? tokenizer, ArchitectureDescriptor? architecture)
    {
        Module = module.Given();
        Tokenizer = tokenizer;
        Architecture = architecture;
        Prompts = new PromptEncoder(tokenizer, module, () => Completed(new GenerationOptions()));
    }

    /// <summary>Gets the model, a TorchSharp module.</summary>
    /// <remarks>
    /// Its parameters take no gradients: an optimiser over them changes nothing, and says nothing, until <c>model.Module.Unfreeze()</c>.
    /// </remarks>
    public PretrainedModel Module { get; }

    /// <summary>Gets the tokenizer; <see langword="null"/> when the model has none.</summary>
    public TextTokenizer? Tokenizer { get; }

    /// <summary>Gets the description that names the model's components; <see langword="null"/> when no descriptor has its class.</summary>
    public ArchitectureDescriptor? Architecture { get; }

    /// <summary>
    /// Gets the fields of the model's files that this library does not know: they may change the model's numbers or its tokens, and nothing here reads them.
    /// </summary>
    /// <value>
    /// Fields of <c>config.json</c> by name (<see cref="PretrainedModel.Unread"/>), then those of the tokenizer's files behind their file
    /// (<see cref="TextTokenizer.Unread"/>), then a sentence for each option of generation that the folder sets and nothing uses
    /// (<see cref="Generation.GenerationOptions.Unread"/>), or why none of them can be read.
    /// </value>
    public IReadOnlyList<string> Unread => [.. Module.Unread, .. Tokenizer?.Unread ?? [], .. IdleDefaults()];

    /// <summary>
    /// Gets the number of layers; where the class has one of the several rows that the architecture knows, as an encoder alone has, that of this row.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model has no row of layers, or several, as an encoder and a decoder are.</exception>
    public int LayerCount => Described.LayerCount is { } count ? SizeOf(count) : RowsOfLayers() switch
    {
        [] => throw new InvalidOperationException($"'{Described.Key}' has no row of layers."),
        [var (_, only)] => only,
        var rows => throw new InvalidOperationException($"'{Described.Key}' has several rows of layers, and no number is that of all: "
            + $"{string.Join(", ", rows.Select(row => $"{row.Count} in {row.Path}"))}. Take the one that is meant."),
    };

    /// <summary>Gets the number of query heads of a layer.</summary>
    /// <exception cref="InvalidOperationException">The architecture has no heads.</exception>
    public int HeadCount => CountOf("head");

    /// <summary>Gets the number of key/value heads of a layer; where no heads are shared, that of the query heads.</summary>
    /// <exception cref="InvalidOperationException">The architecture has no heads.</exception>
    public int KeyValueHeadCount => Described.Components.Any(component => component.Axes.Contains("kvHead")) ? CountOf("kvHead") : HeadCount;

    /// <summary>Gets the width of what every layer hands on, such as <c>BlockOutput</c>: dModel.</summary>
    /// <exception cref="InvalidOperationException">The architecture has no such width.</exception>
    public int HiddenSize => Described.Components.FirstOrDefault(component => component.Name == "block_output")?.Width is { } width
        ? SizeOf(width)
        : throw new InvalidOperationException($"'{Described.Key}' has no width that all its layers share.");

    /// <summary>Gets what turns prompts into batches.</summary>
    internal PromptEncoder Prompts { get; }

    private ArchitectureDescriptor Described => Architecture
        ?? throw new InvalidOperationException($"No descriptor describes a {Module.GetName()}; register one with ArchitectureDescriptor.Register.");

    /// <summary>Loads a model from a folder in Hugging Face's layout: <c>config.json</c>, weights and, for text, a tokenizer.</summary>
    /// <param name="folder">
    /// The folder, or a GGUF file; or, when there is none, the name of a model on the hub, <c>OWNER/NAME</c>, which is fetched once and kept.
    /// </param>
    /// <param name="device">Where the weights go, such as <c>torch.CUDA</c>; <see langword="null"/> = the CPU. Prompts follow the model.</param>
    /// <param name="dtype">The floating-point type of the weights; <see langword="null"/> = float32, whatever the file holds.</param>
    /// <returns>The model in evaluation mode, its parameters without gradients; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The folder or a file is missing, malformed, or of an architecture that the library does not have.</exception>
    /// <exception cref="TokenizerException">The tokenizer's files are malformed.</exception>
    /// <exception cref="ArgumentException"><paramref name="dtype"/> is no floating-point type.</exception>
    public static LanguageModel Load(string folder, Device? device = null, ScalarType? dtype = null) =>
        Loaded(folder, device, dtype, (module, tokenizer) => new LanguageModel(module, tokenizer));

    /// <summary>Binds a configuration to this model, to run it many times: what does not depend on the prompts is resolved and checked once.</summary>
    /// <param name="config">The configuration, such as one that was saved.</param>
    /// <returns>The plan; the caller disposes it, before the model.</returns>
    /// <exception cref="InterventionException">The configuration does not fit the model; no hook is left behind.</exception>
    public LanguagePlan Bind(InterventionConfig config) => new(this, config.Given());

    /// <summary>Runs a configuration.</summary>
    /// <param name="config">The configuration, such as one that was saved.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">
    /// The sources in order, as many as the configuration reads; <see cref="Source.Skip"/> leaves one out on purpose; <see langword="null"/> = none.
    /// </param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">
    /// The configuration or the prompts do not fit the model (nothing has run), or an intervention had no effect.
    /// </exception>
    public ExperimentRun Run(InterventionConfig config, Prompt @base, IReadOnlyList<SourceInput>? sources = null, RunOptions? options = null)
    {
        using var plan = Bind(config);
        return plan.Run(@base, options, [.. sources ?? []]);
    }

    /// <summary>
    /// Disposes the weights. A run that is going on in another thread ends first; a stream that somebody left open ends behind its current step.
    /// </summary>
    /// <exception cref="InterventionException">This is inside of a run of the model, such as in an intervention's function.</exception>
    public void Dispose()
    {
        closing.Cancel();
        ModelGate.Close(Module);
        GC.SuppressFinalize(this);
    }

    /// <summary>Loads module and tokenizer and hands them to what is made of them, which owns them.</summary>
    private protected static T Loaded<T>(string folder, Device? device, ScalarType? dtype, Func<PretrainedModel, TextTokenizer?, T> make)
    {
        WeightType.Check(dtype);
        if (!Path.Exists(folder) && ModelHub.IsName(folder))
        {
            using var hub = new ModelHub();
            folder = hub.Download(folder);
        }

        var module = ModelLoader.Load(folder, className: null, device, dtype);
        try
        {
            return make(module, TextTokenizer.IsIn(folder) ? TextTokenizer.Load(folder, TokenizerConvention.Transformers) : null);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    // encoder.block with 6, decoder.block with 6: those that this class has.
    private (string Path, int Count)[] RowsOfLayers()
    {
        string[] modules = [.. Module.named_modules().Select(module => module.name)];
        return
        [
            .. Described.Components.Where(component => component.LayerCount is not null)
                .GroupBy(component => component.Path[..component.Path.IndexOf("[layer]", StringComparison.Ordinal)])
                .Where(row => modules.Any(name => name == row.Key || name.EndsWith("." + row.Key, StringComparison.Ordinal)))
                .Select(row => (row.Key, SizeOf(row.First().LayerCount!))),
        ];
    }

    /// <summary>Returns a size of the architecture, such as <c>n_head</c>.</summary>
    private protected int SizeOf(string size) => (int)new ArchitectureSizes(Described, Module.Config)[size];

    private int CountOf(string axis) =>
        Described.Components.FirstOrDefault(component => component.Heads is not null && component.Axes.Contains(axis))?.Heads is { } heads
            ? SizeOf(heads)
            : throw new InvalidOperationException($"'{Described.Key}' has no heads.");
}
