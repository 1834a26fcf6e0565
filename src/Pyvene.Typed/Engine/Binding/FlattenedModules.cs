using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Is which modules of a model have batch and position in one axis, as the descriptor of its class says: a place that is named by a module's path alone does
/// not tell it.
/// </summary>
internal sealed class FlattenedModules
{
    private const string AnyNumber = "*";

    private readonly string[][] paths;

    private FlattenedModules(string[][] paths) => this.paths = paths;

    /// <summary>Finds those of a class; none where no descriptor serves it.</summary>
    public static FlattenedModules Of(string className)
    {
        var architecture = ArchitectureDescriptor.FindByClass(className);
        return new([.. (architecture?.Components ?? []).Where(component => component.View is [ViewStep.Tokens, ..])
            .Select(component => component.Path.StartsWith('/') ? component.Path[1..] : architecture!.Classes[className] + component.Path)
            .Select(path => ModuleTree.Normalise(path.Replace("[layer]", $"[{AnyNumber}]", StringComparison.Ordinal)
                .Replace("[sublayer]", $"[{AnyNumber}]", StringComparison.Ordinal)).Split('.'))]);
    }

    /// <summary>Returns whether a module is one of them.</summary>
    /// <param name="path">Its path in TorchSharp's form: <c>decoder.layers.0.fc1</c>.</param>
    public bool Contains(string path) => paths.Length > 0 && path.Split('.') is var names
        && paths.Any(known => known.Length == names.Length && known.Zip(names).All(pair => pair.First == pair.Second
            || (pair.First == AnyNumber && pair.Second.All(char.IsAsciiDigit))));
}
