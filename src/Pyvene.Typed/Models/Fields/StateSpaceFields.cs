using Pyvene.Typed.Descriptors;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Makes the tables of state space models of Mamba's kind, which share most fields.</summary>
internal static class StateSpaceFields
{
    /// <summary>Returns the table of an architecture.</summary>
    /// <param name="key">The architecture's key; its descriptor says what sizes that are left out are.</param>
    /// <param name="tiesHead">Whether the head shares the embedding's weight where the configuration does not say it.</param>
    /// <param name="own">Its own fields; they come before the shared ones.</param>
    /// <param name="harmless">Its own fields that change no number here.</param>
    public static ConfigTable Create(string key, bool tiesHead, Dictionary<string, FieldRule> own, params string[] harmless) => new(
        [
            new("vocab_size", Size(ArchitectureDescriptor.DefaultOf(key, "vocab_size"))),
            new("hidden_size", Size(ArchitectureDescriptor.DefaultOf(key, "hidden_size"), CommonFields.Widest)),
            new("num_hidden_layers", Size(ArchitectureDescriptor.DefaultOf(key, "num_hidden_layers"), CommonFields.MostLayers)),
            new("state_size", Size(ArchitectureDescriptor.DefaultOf(key, "state_size"), CommonFields.Widest)),
            new("expand", Positive(2)),
            new("conv_kernel", Size(4, 1024)),
            new("hidden_act", Activation("silu")),
            new("layer_norm_epsilon", Epsilon(1e-5)),
            new("use_bias", Flag(false)),
            new("use_conv_bias", Flag(true)),
            new("residual_in_fp32", Flag(true)),
            new("tie_word_embeddings", Flag(tiesHead)),
            new("initializer_range", Number(0.1, 0, 1000)),
            new("rescale_prenorm_residual", Flag(false)),
            new("time_step_min", Positive(0.001)),
            new("time_step_max", Positive(0.1)),
            new("time_step_floor", Number(1e-4, 0, 1000)),
            .. own,
        ],
        harmless) { LayerField = "num_hidden_layers" };

    /// <summary>
    /// Returns the biases of the sizes of steps, before the softplus, that random weights start from: from the smallest to the largest of the configuration,
    /// evenly in their logarithm, as transformers draws them.
    /// </summary>
    /// <param name="config">The checked configuration.</param>
    /// <param name="count">How many.</param>
    /// <returns>Float32 [count], of the current dispose scope.</returns>
    public static TorchSharp.torch.Tensor InitialSteps(ModelConfig config, long count)
    {
        var (least, most, floor) = (config.Number("time_step_min"), config.Number("time_step_max"), config.Number("time_step_floor"));
        var biases = new float[count];
        for (var index = 0; index < count; index++)
        {
            var step = Math.Max(least * Math.Pow(most / least, (index + 0.5) / count), Math.Max(floor, 1e-30));
            biases[index] = (float)(step + Math.Log(-double.ExpM1(-step)));
        }

        return TorchSharp.torch.tensor(biases);
    }

    /// <summary>Returns the deviation of the weights that transformers draws evenly by their number of inputs: the convolution and the output's map.</summary>
    /// <param name="config">The checked configuration.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="inner">The width inside of a mixer.</param>
    public static double? InitialDeviation(ModelConfig config, string parameter, long inner) =>
        parameter.EndsWith(".conv1d.weight", StringComparison.Ordinal) ? 1 / Math.Sqrt(3 * config.Size("conv_kernel"))
        : parameter.EndsWith(".out_proj.weight", StringComparison.Ordinal)
            ? 1 / Math.Sqrt(3.0 * inner * (config.Flag("rescale_prenorm_residual") ? config.Size("num_hidden_layers") : 1))
        : null;
}
