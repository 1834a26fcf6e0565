using Pyvene.Typed.Checkpoints.Hub;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using Pyvene.Typed.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is a loaded model of one architecture with its tokenizer: what experiments run on. Disposing it disposes the weights.</summary>
/// <remarks>Runs on one model are let in one at a time, from any thread.</remarks>
/// <typeparam name="TModel">The architecture.</typeparam>
public sealed partial class LanguageModel<TModel> : ISizedModel<TModel>, IDisposable
    where TModel : IArchitecture
{
    private readonly PromptEncoder prompts;
    private readonly CancellationTokenSource closing = new(); // never disposed: a stream may still ask it

    /// <summary>Initialises the handle from a model and a tokenizer.</summary>
    /// <param name="module">The model; the handle disposes it.</param>
    /// <param name="tokenizer">The tokenizer; <see langword="null"/> = prompts are token ids.</param>
    /// <exception cref="InterventionException">The model is of another architecture.</exception>
    public LanguageModel(PretrainedModel module, TextTokenizer? tokenizer)
    {
        ArgumentNullException.ThrowIfNull(module);
        var descriptor = TModel.Descriptor;
        if (!descriptor.Classes.ContainsKey(module.GetName()))
        {
            throw new InterventionException(
                "architecture",
                $"'{descriptor.Key}' serves {string.Join(", ", descriptor.Classes.Keys)}, but {module.Config.Origin} is a {module.GetName()} "
                    + $"({module.Config.ModelType}).");
        }

        Module = module;
        Tokenizer = tokenizer;
        prompts = new PromptEncoder(tokenizer, module);
    }

    /// <summary>Gets the model, a TorchSharp module.</summary>
    /// <remarks>
    /// Its parameters take no gradients: an optimiser over them changes nothing, and says nothing, until a program sets their <c>requires_grad</c>.
    /// </remarks>
    public PretrainedModel Module { get; }

    /// <summary>
    /// Gets the fields of the model's files that this library does not know: they may change the model's numbers or its tokens, and nothing here reads them.
    /// </summary>
    /// <value>
    /// Fields of <c>config.json</c> by name (<see cref="PretrainedModel.Unread"/>), then those of the tokenizer's files behind their file
    /// (<see cref="TextTokenizer.Unread"/>), then a sentence for each option of generation that the folder sets and nothing uses
    /// (<see cref="Generation.GenerationOptions.Unread"/>), or why none of them can be read.
    /// </value>
    public IReadOnlyList<string> Unread => [.. Module.Unread, .. Tokenizer?.Unread ?? [], .. IdleDefaults()];

    /// <summary>Gets the tokenizer; <see langword="null"/> when the model has none.</summary>
    public TextTokenizer? Tokenizer { get; }

    /// <summary>Gets the number of layers.</summary>
    /// <exception cref="InvalidOperationException">The architecture has no row of layers.</exception>
    public int LayerCount => TModel.Descriptor.LayerCount is { } count
        ? (int)new ArchitectureSizes(TModel.Descriptor, Module.Config)[count]
        : throw new InvalidOperationException($"'{TModel.Descriptor.Key}' has no row of layers.");

    /// <summary>Gets the number of query heads of a layer.</summary>
    /// <exception cref="InvalidOperationException">The architecture has no heads.</exception>
    public int HeadCount => CountOf("head");

    /// <summary>Gets the number of key/value heads of a layer; where no heads are shared, that of the query heads.</summary>
    /// <exception cref="InvalidOperationException">The architecture has no heads.</exception>
    public int KeyValueHeadCount => TModel.Descriptor.Components.Any(component => component.Axes.Contains("kvHead")) ? CountOf("kvHead") : HeadCount;

    /// <summary>Loads a model from a folder in Hugging Face's layout: <c>config.json</c>, weights and, for text, a tokenizer.</summary>
    /// <param name="folder">The folder; or, when there is none, the name of a model on the hub, <c>OWNER/NAME</c>, which is fetched once and kept.</param>
    /// <param name="device">Where the weights go, such as <c>torch.CUDA</c>; <see langword="null"/> = the CPU. Prompts follow the model.</param>
    /// <param name="dtype">The floating-point type of the weights; <see langword="null"/> = float32, whatever the file holds.</param>
    /// <returns>The model in evaluation mode, its parameters without gradients; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The folder or a file is missing, malformed, or of another architecture.</exception>
    /// <exception cref="TokenizerException">The tokenizer's files are malformed.</exception>
    /// <exception cref="ArgumentException"><paramref name="dtype"/> is no floating-point type.</exception>
    public static LanguageModel<TModel> Load(string folder, Device? device = null, ScalarType? dtype = null)
    {
        WeightType.Check(dtype);
        if (!Directory.Exists(folder) && ModelHub.IsName(folder))
        {
            using var hub = new ModelHub();
            folder = hub.Download(folder);
        }

        var module = ModelLoader.Load(folder);
        try
        {
            if (dtype is { } type) module.to(type);
            if (device is not null) module.to(device);
            var hasTokenizer = new[] { "tokenizer.json", "vocab.json" }.Any(file => File.Exists(Path.Combine(folder, file)));
            return new LanguageModel<TModel>(module, hasTokenizer ? TextTokenizer.Load(folder, TokenizerConvention.Transformers) : null);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Binds an experiment to this model, to run it many times: what does not depend on the prompts is resolved and checked once.</summary>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <returns>The plan; the caller disposes it, before the model.</returns>
    /// <exception cref="InterventionException">The experiment does not fit the model; no hook is left behind.</exception>
    public LanguagePlan<TModel, TSources> Bind<TSources>(Experiment<TModel, TSources> experiment)
        where TSources : ISourceCount => new(this, prompts, experiment);

    /// <summary>Runs an experiment that reads no source.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">
    /// The experiment or the prompts do not fit the model (nothing has run), or an intervention had no effect.
    /// </exception>
    public ExperimentRun<TModel> Run(Experiment<TModel, NoSource> experiment, Prompt @base, RunOptions? options = null) => Once(experiment, @base, options);

    /// <summary>Runs an experiment that reads one source.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="source">The prompt that is read; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(Experiment<TModel, OneSource> experiment, Prompt @base, SourceInput source, RunOptions? options = null) =>
        Once(experiment, @base, options, source);

    /// <summary>Runs an experiment that reads two sources.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(
        Experiment<TModel, TwoSources> experiment, Prompt @base, SourceInput first, SourceInput second, RunOptions? options = null) =>
        Once(experiment, @base, options, first, second);

    /// <summary>Runs an experiment that reads three sources.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(
        Experiment<TModel, ThreeSources> experiment, Prompt @base, SourceInput first, SourceInput second, SourceInput third, RunOptions? options = null) =>
        Once(experiment, @base, options, first, second, third);

    /// <summary>Runs an experiment that reads four sources.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="fourth">The fourth source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(
        Experiment<TModel, FourSources> experiment,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        SourceInput third,
        SourceInput fourth,
        RunOptions? options = null) =>
        Once(experiment, @base, options, first, second, third, fourth);

    /// <summary>Runs an experiment whose number of sources was said with <c>WithSources</c>.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">The sources in order, as many as the experiment reads; <see cref="Source.Skip"/> leaves one out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(
        Experiment<TModel, ManySources> experiment, Prompt @base, IReadOnlyList<SourceInput> sources, RunOptions? options = null) =>
        Once(experiment, @base, options, [.. sources.Given()]);

    /// <summary>
    /// Disposes the weights. A run that is going on in another thread ends first; a stream that somebody left open ends behind its current step.
    /// </summary>
    /// <exception cref="InterventionException">This is inside of a run of the model, such as in an intervention's function.</exception>
    public void Dispose()
    {
        closing.Cancel();
        ModelGate.Close(Module);
    }

    private int CountOf(string axis) =>
        TModel.Descriptor.Components.FirstOrDefault(component => component.Heads is not null && component.Axes.Contains(axis))?.Heads is { } heads
            ? SizeOf(heads)
            : throw new InvalidOperationException($"'{TModel.Descriptor.Key}' has no heads.");

    private ExperimentRun<TModel> Once<TSources>(
        Experiment<TModel, TSources> experiment, Prompt @base, RunOptions? options, params ReadOnlySpan<SourceInput> sources)
        where TSources : ISourceCount
    {
        using var plan = Bind(experiment);
        return plan.Run(@base, options, sources);
    }
}
