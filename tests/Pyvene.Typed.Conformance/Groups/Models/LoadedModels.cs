using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Conformance.Groups.Models.Modules;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Loads a folder's checkpoint as the classes that its cases name, each once.</summary>
internal sealed class LoadedModels(string folder) : IDisposable
{
    private readonly Dictionary<(string Class, string Changes, ScalarType Dtype), PretrainedModel> _loaded = [];
    private GoldenModule? _module;

    /// <summary>The folder of the checkpoint.</summary>
    public string Folder => folder;

    /// <summary>Returns the model that a case runs on; it stays this object's.</summary>
    /// <exception cref="UnsupportedCaseException">The library lacks the class.</exception>
    public PretrainedModel Of(GoldenCase golden)
    {
        var name = golden.Required("class").GetString()!;
        if (!ModelLoader.ClassNames.Contains(name)) throw new UnsupportedCaseException($"the model class '{name}' is not supported yet");
        var changes = golden.Field("config_override")?.GetRawText() ?? "{}";
        var dtype = DtypeOf(golden.Text("load_dtype"));
        if (!_loaded.TryGetValue((name, changes, dtype), out var model))
            _loaded.Add((name, changes, dtype), model = Load(name, changes).to(dtype).to(GoldenDevice.Current));
        return model;
    }

    /// <summary>Returns the model that a case runs on, which may be a module that the folder describes; it stays this object's.</summary>
    /// <exception cref="UnsupportedCaseException">The library lacks the class, or a part of the module is not supported.</exception>
    public IGoldenModel Any(GoldenCase golden) => GoldenModule.IsMeantBy(golden) ? _module ??= new GoldenModule(folder) : new GoldenPretrained(Of(golden));

    /// <inheritdoc/>
    public void Dispose()
    {
        _module?.Dispose();
        foreach (var model in _loaded.Values) model.Dispose();
    }

    private PretrainedModel Load(string name, string changes)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return ModelLoader.Load(checkpoint, name, checkpoint.Config.With(changes));
    }

    private static ScalarType DtypeOf(string? name) => name switch
    {
        null or "float32" => ScalarType.Float32,
        "bfloat16" => ScalarType.BFloat16,
        "float16" => ScalarType.Float16,
        _ => throw new InvalidDataException($"unknown load_dtype '{name}'"),
    };
}
