using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is a loaded model of one architecture with its tokenizer: what experiments run on. Disposing it disposes the weights.</summary>
/// <remarks>Runs on one model are let in one at a time, from any thread.</remarks>
/// <typeparam name="TModel">The architecture.</typeparam>
public sealed partial class LanguageModel<TModel> : LanguageModel, ISizedModel<TModel>
    where TModel : IArchitecture
{
    /// <summary>Initialises the handle from a model and a tokenizer.</summary>
    /// <param name="module">The model; the handle disposes it.</param>
    /// <param name="tokenizer">The tokenizer; <see langword="null"/> = prompts are token ids.</param>
    /// <exception cref="InterventionException">The model is of another architecture.</exception>
    public LanguageModel(PretrainedModel module, TextTokenizer? tokenizer)
        : base(module, tokenizer, TModel.Descriptor)
    {
        if (!TModel.Descriptor.Classes.ContainsKey(module.GetName()))
        {
            throw new InterventionException(
                "architecture",
                $"'{TModel.Descriptor.Key}' serves {string.Join(", ", TModel.Descriptor.Classes.Keys)}, but {module.Config.Origin} is a {module.GetName()} "
                    + $"({module.Config.ModelType}).");
        }
    }

    /// <summary>Loads a model from a folder in Hugging Face's layout: <c>config.json</c>, weights and, for text, a tokenizer.</summary>
    /// <param name="folder">The folder; or, when there is none, the name of a model on the hub, <c>OWNER/NAME</c>, which is fetched once and kept.</param>
    /// <param name="device">Where the weights go, such as <c>torch.CUDA</c>; <see langword="null"/> = the CPU. Prompts follow the model.</param>
    /// <param name="dtype">The floating-point type of the weights; <see langword="null"/> = float32, whatever the file holds.</param>
    /// <returns>The model in evaluation mode, its parameters without gradients; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The folder or a file is missing, malformed, or of another architecture.</exception>
    /// <exception cref="TokenizerException">The tokenizer's files are malformed.</exception>
    /// <exception cref="ArgumentException"><paramref name="dtype"/> is no floating-point type.</exception>
    public static new LanguageModel<TModel> Load(string folder, Device? device = null, ScalarType? dtype = null) =>
        Loaded(folder, device, dtype, (module, tokenizer) => new LanguageModel<TModel>(module, tokenizer));

    /// <summary>Binds an experiment to this model, to run it many times: what does not depend on the prompts is resolved and checked once.</summary>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <returns>The plan; the caller disposes it, before the model.</returns>
    /// <exception cref="InterventionException">The experiment does not fit the model; no hook is left behind.</exception>
    public LanguagePlan<TModel, TSources> Bind<TSources>(Experiment<TModel, TSources> experiment)
        where TSources : ISourceCount => new(this, experiment);

    /// <summary>Runs an experiment that reads no source.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">
    /// The experiment or the prompts do not fit the model (nothing has run), or an intervention had no effect.
    /// </exception>
    public ExperimentRun<TModel> Run(Experiment<TModel, NoSource> experiment, Prompt @base, RunOptions? options = null)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Run(@base, options), experiment.NameOf);
    }

    /// <summary>Runs an experiment that reads one source.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="source">The prompt that is read; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(Experiment<TModel, OneSource> experiment, Prompt @base, SourceInput source, RunOptions? options = null)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Run(@base, options, source), experiment.NameOf);
    }

    /// <summary>Runs an experiment that reads two sources.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(
        Experiment<TModel, TwoSources> experiment, Prompt @base, SourceInput first, SourceInput second, RunOptions? options = null)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Run(@base, options, first, second), experiment.NameOf);
    }

    /// <summary>Runs an experiment that reads three sources.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(
        Experiment<TModel, ThreeSources> experiment, Prompt @base, SourceInput first, SourceInput second, SourceInput third, RunOptions? options = null)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Run(@base, options, first, second, third), experiment.NameOf);
    }

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
        RunOptions? options = null)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Run(@base, options, first, second, third, fourth), experiment.NameOf);
    }

    /// <summary>Runs an experiment whose number of sources was said with <c>WithSources</c>.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">The sources in order, as many as the experiment reads; <see cref="Source.Skip"/> leaves one out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run(Experiment{TModel, NoSource}, Prompt, RunOptions?)"/>
    public ExperimentRun<TModel> Run(
        Experiment<TModel, ManySources> experiment, Prompt @base, IReadOnlyList<SourceInput> sources, RunOptions? options = null)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Run(@base, options, [.. sources.Given()]), experiment.NameOf);
    }

    int ISizedModel<TModel>.SizeOf(string size) => SizeOf(size);
}
