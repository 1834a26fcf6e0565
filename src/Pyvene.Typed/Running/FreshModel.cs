using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Makes models with random weights from sizes: what the generated <c>Create</c> of an architecture calls.</summary>
public static class FreshModel
{
    /// <summary>Makes a model of an architecture.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="className">
    /// The class to build, one that the architecture serves; <see langword="null"/> = the language model where it has one, else the model without a head.
    /// </param>
    /// <param name="sizes">
    /// Fields of <c>config.json</c>, each with a whole number, a list of whole numbers, or <see langword="null"/> = what a configuration without the field
    /// means.
    /// </param>
    /// <param name="seed">The seed of the weights, any number; the same seed makes the same weights, on every device.</param>
    /// <param name="device">Where the weights go; <see langword="null"/> = the CPU. On <c>meta</c> the model has shapes but no weights.</param>
    /// <param name="dtype">The floating-point type of the weights, which are drawn as float32; <see langword="null"/> = float32.</param>
    /// <returns>The model in evaluation mode, its parameters without gradients; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">A size is out of range or does not fit another, as a <c>config.json</c> is refused that says the same.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="dtype"/> is no floating-point type, <paramref name="className"/> cannot be built, or the class has no size that is given.
    /// </exception>
    /// <exception cref="NativeLibraryException">TorchSharp's native library is not there or does not load on this system.</exception>
    public static PretrainedModel Create<TModel>(
        string? className, IEnumerable<(string Field, object? Value)> sizes, long seed = 0, Device? device = null, ScalarType? dtype = null)
        where TModel : IArchitecture
    {
        ArgumentNullException.ThrowIfNull(sizes);
        WeightType.Check(dtype);
        var maker = $"{typeof(TModel).Name}.Create";
        string[] names = [.. ModelRegistry.Names.Where(TModel.Descriptor.Classes.ContainsKey)]; // an architecture's main class comes first
        var name = className ?? names.FirstOrDefault();
        if (name is null || !names.Contains(name))
        {
            var known = names.Length == 0 ? $"the library has no class of '{TModel.Descriptor.Key}'" : $"expected {string.Join(", ", names)}";
            throw new ArgumentException($"{maker} cannot build '{name}'; {known}.", nameof(className));
        }

        var model = ModelRegistry.Find(name)!;
        (string Field, object Value)[] given = [.. sizes.Where(size => size.Value is not null).Select(size => (size.Field, size.Value!))];
        var config = ModelConfig.Parse("{}", maker)
            .With([("architectures", Json(new[] { name })), ("model_type", Json(model.ModelType)), .. given.Select(size => (size.Field, Json(size.Value)))]);
        TorchLibrary.EnsureLoaded();
        SizeUse.Check(config, model, [.. names.Select(other => ModelRegistry.Find(other)!)], given);
        return ModelLoader.Create(config, name, seed, device, dtype);
    }

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value, JsonForm.Plain);
}
