using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models;
using TorchSharp;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Loads the checkpoints that cases name, each once.</summary>
/// <param name="folder">The folder that holds them.</param>
internal sealed class NamedModels(string folder) : IDisposable
{
    private readonly Dictionary<string, PretrainedModel> _loaded = [];

    /// <summary>Returns a model in evaluation mode; it stays this object's.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <exception cref="UnsupportedCaseException">The library lacks the model's class.</exception>
    /// <exception cref="InvalidDataException">The name leaves the folder.</exception>
    public PretrainedModel Of(string name)
    {
        if (Path.GetFileName(name) != name) throw new InvalidDataException($"'{name}' is no name of a model");
        if (!_loaded.TryGetValue(name, out var model)) _loaded.Add(name, model = Load(name));
        return model;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in _loaded.Values) model.Dispose();
    }

    private PretrainedModel Load(string name)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, name));
        var classes = checkpoint.Config.Architectures;
        if (!classes.Any(ModelLoader.ClassNames.Contains))
            throw new UnsupportedCaseException($"the model class '{string.Join(", ", classes)}' is not supported yet");
        return ModelLoader.Load(checkpoint).to(GoldenDevice.Current);
    }
}
