using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Builds models and reads their weights.</summary>
public static class ModelLoader
{
    /// <summary>Gets the names, as in transformers, of the classes that can be loaded, such as <c>GPT2LMHeadModel</c>.</summary>
    public static IReadOnlyCollection<string> ClassNames => ModelRegistry.Names;

    /// <summary>Loads a model from a checkpoint folder in Hugging Face layout.</summary>
    /// <param name="folder">The folder with <c>config.json</c> and safetensors weights; or a GGUF file, of a split one any part.</param>
    /// <param name="className">
    /// The class to read it as, such as <c>GPT2Model</c>; by default the first of the configuration's <c>architectures</c> that is known.
    /// </param>
    /// <param name="device">Where the weights go; <see langword="null"/> = the CPU. On <c>meta</c> the model has shapes but no weights.</param>
    /// <param name="dtype">The floating-point type of the weights; <see langword="null"/> = float32, whatever the file holds.</param>
    /// <returns>The model in evaluation mode, its parameters without gradient. It is the caller's to dispose.</returns>
    /// <remarks>The weights are read straight to where they stay: beside the model, loading takes little memory however large the tensors are.</remarks>
    /// <exception cref="CheckpointException">
    /// A file is missing or malformed, the architecture is unknown or another, a field of the configuration is of another kind, out of range or not supported,
    /// or tensors do not fit.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="dtype"/> is no floating-point type.</exception>
    /// <exception cref="NativeLibraryException">TorchSharp's native library is not there or does not load on this system.</exception>
    public static PretrainedModel Load(string folder, string? className = null, Device? device = null, ScalarType? dtype = null)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return Load(checkpoint, className, config: null, device, dtype);
    }

    /// <summary>Loads a model from an open checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint; it may be disposed afterwards.</param>
    /// <param name="className">The class to read it as; by default the first of the configuration's <c>architectures</c> that is known.</param>
    /// <param name="config">The configuration to build the model from, such as a changed copy; by default the checkpoint's own.</param>
    /// <param name="device">Where the weights go; <see langword="null"/> = the CPU. On <c>meta</c> the model has shapes but no weights.</param>
    /// <param name="dtype">The floating-point type of the weights; <see langword="null"/> = float32, whatever the file holds.</param>
    /// <returns>The model in evaluation mode, its parameters without gradient. It is the caller's to dispose.</returns>
    /// <exception cref="CheckpointException">The architecture is unknown or another, the configuration is refused, or tensors do not fit.</exception>
    /// <exception cref="ArgumentException"><paramref name="dtype"/> is no floating-point type.</exception>
    /// <exception cref="NativeLibraryException">TorchSharp's native library is not there or does not load on this system.</exception>
    public static PretrainedModel Load(
        Checkpoint checkpoint, string? className = null, ModelConfig? config = null, Device? device = null, ScalarType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        WeightType.Check(dtype);
        TorchLibrary.EnsureLoaded();
        config ??= checkpoint.Config;
        var modelClass = Choose(config, className);
        config = modelClass.Fields.Read(config);
        modelClass.Fields.CheckLayers(config, checkpoint.Names);
        // The model is first built without memory, so that sizes that do not fit the file are found before they take any.
        var weights = new Weights(device ?? CPU, dtype ?? ScalarType.Float32) { Stored = checkpoint.Names };
        using var outline = modelClass.Build(config, weights with { Device = META });
        var plan = WeightPlan.Match(checkpoint.Weights, outline, outline.CheckpointLayout);
        var model = modelClass.Build(config, weights);
        try
        {
            if (weights.Device.type != DeviceType.META)
            {
                plan.Fill(model);
            }
        }
        catch
        {
            model.Dispose();
            throw;
        }

        model.eval();
        model.Freeze();
        return model;
    }

    /// <summary>Builds a model with random weights, as one starts training with.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="className">The class to build; by default the first of the configuration's <c>architectures</c> that is known.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="device">The device; by default the CPU. On <c>meta</c> the model has shapes but no weights.</param>
    /// <param name="dtype">The floating-point type of the weights, which are drawn as float32; <see langword="null"/> = float32.</param>
    /// <returns>The model in evaluation mode, its parameters without gradient. It is the caller's to dispose.</returns>
    /// <exception cref="CheckpointException">The architecture is unknown, or a field of the configuration is of another kind, out of range or not
    /// supported.</exception>
    /// <exception cref="ArgumentException"><paramref name="dtype"/> is no floating-point type.</exception>
    /// <exception cref="NativeLibraryException">TorchSharp's native library is not there or does not load on this system.</exception>
    public static PretrainedModel Create(
        ModelConfig config, string? className = null, long seed = 0, Device? device = null, ScalarType? dtype = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        WeightType.Check(dtype);
        TorchLibrary.EnsureLoaded();
        var modelClass = Choose(config, className);
        var model = modelClass.Build(modelClass.Fields.Read(config), new Weights(device ?? CPU, dtype ?? ScalarType.Float32));
        RandomWeights.Fill(model, seed);
        model.eval();
        model.Freeze();
        return model;
    }

    private static ModelClass Choose(ModelConfig config, string? className)
    {
        var names = className is null ? config.Architectures : [className];
        var found = names.Select(ModelRegistry.Find).FirstOrDefault(model => model is not null)
            ?? throw new CheckpointException(config.Origin, Unknown(names));
        return config.ModelType is "" || config.ModelType == found.ModelType
            ? found
            : throw new CheckpointException(
                config.Origin,
                $"The checkpoint is of another architecture: {found.Name} needs 'model_type' \"{found.ModelType}\", but it is \"{config.ModelType}\".");
    }

    private static string Unknown(IReadOnlyCollection<string> names)
    {
        var asked = names.Count == 0 ? "the configuration names none in 'architectures'" : string.Join(", ", names);
        return $"No known model class: {asked}. Known are: {string.Join(", ", ModelRegistry.Names)}.";
    }
}
