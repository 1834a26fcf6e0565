using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Describes an architecture of language models whose layers are state spaces: the parts have the names that Mamba gave them.</summary>
internal sealed record StateSpaceArchitecture
{
    /// <summary>Is the name of the bare model inside a language model.</summary>
    public const string Body = "backbone";

    /// <summary>Is the name of the head.</summary>
    public const string Head = "lm_head";

    /// <summary>Gets the <c>model_type</c> of its configurations.</summary>
    public required string ModelType { get; init; }

    /// <summary>Gets how the names of its classes begin in transformers, such as <c>Mamba</c>.</summary>
    public required string ClassPrefix { get; init; }

    /// <summary>Gets what it makes of the fields of a configuration.</summary>
    public required ConfigTable Fields { get; init; }

    /// <summary>Gets what completes a configuration that <see cref="Fields"/> has checked with sizes that follow from others.</summary>
    public required Func<ModelConfig, ModelConfig> Complete { get; init; }

    /// <summary>Gets what builds the mixer of a layer.</summary>
    public required Func<ModelConfig, int, Weights, nn.Module<Tensor, StateSpacePass, Tensor>> CreateMixer { get; init; }

    /// <summary>Gets what a parameter of a mixer starts from that is not drawn, or <see langword="null"/>.</summary>
    public required Func<ModelConfig, string, Tensor?> InitialValue { get; init; }

    /// <summary>Gets the deviation that a parameter of a mixer is drawn with, or <see langword="null"/> = that of the configuration.</summary>
    public required Func<ModelConfig, string, double?> InitialDeviation { get; init; }

    /// <summary>Gets the bare model's class name.</summary>
    public string BodyClass => ClassPrefix + "Model";

    /// <summary>Returns the classes that can be loaded.</summary>
    public IEnumerable<ModelClass> Classes()
    {
        var language = ClassPrefix + "ForCausalLM";
        yield return new ModelClass(language, ModelType, Fields, (config, weights) =>
            new CausalLanguageModel(language, Create(config, weights), Body, Head, weights));
        yield return new ModelClass(BodyClass, ModelType, Fields, Create);
    }

    private StateSpaceModel Create(ModelConfig config, Weights weights) => new(this, Complete(config), weights);
}
