using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models;

/// <summary>Is one of the encoders that a model compares, and what projects its end into their common space.</summary>
/// <param name="Path">The encoder's path.</param>
/// <param name="Body">The encoder.</param>
/// <param name="Norm">The path inside of it of the norm that it ends with.</param>
/// <param name="Projection">The path of the projection.</param>
/// <param name="Projecting">The projection: [row, dModel] to [row, dProjection].</param>
/// <param name="InputsOf">Returns its arguments among those of the model; <see langword="null"/> = it does not run.</param>
internal sealed record Tower(
    string Path, TowerBody Body, string Norm, string Projection, Linear Projecting, Func<ModelInputs, ModelInputs?> InputsOf)
{
    /// <summary>Gets its stages: its blocks, its end and its projection.</summary>
    public IReadOnlyList<string> StagePaths => [.. Body.BlockPaths.Select(Inside), Inside(Norm), Projection];

    /// <summary>Gets the paths of the modules that run before its first block.</summary>
    public IEnumerable<string> BeginPaths => Body.BeginPaths.Select(Inside);

    /// <summary>Returns whether a module is one of its own.</summary>
    /// <param name="path">The module's path.</param>
    public bool Has(string path) => path == Projection || path.StartsWith(Path + ".", StringComparison.Ordinal);

    private string Inside(string path) => $"{Path}.{path}";
}
