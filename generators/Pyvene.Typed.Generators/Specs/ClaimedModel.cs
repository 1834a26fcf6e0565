namespace Pyvene.Typed.Generators.Specs;

/// <summary>Is a model whose type and key no other descriptor of the project has.</summary>
/// <param name="Model">The model.</param>
/// <param name="Namespace">The namespace of its class; empty = the global one.</param>
/// <param name="Hint">What the names of its files begin with; no other file begins so, in any case of letters.</param>
/// <param name="Path">The descriptor's path.</param>
internal sealed record ClaimedModel(ModelSpec Model, string Namespace, string Hint, string Path)
{
    /// <summary>Gets the full name of the class.</summary>
    public string FullName => NameIn(Namespace, Model.Type);

    /// <summary>Returns the full name of a class.</summary>
    /// <param name="space">The namespace; empty = the global one.</param>
    /// <param name="type">The class.</param>
    public static string NameIn(string space, string type) => space.Length == 0 ? type : $"{space.Replace("@", "")}.{type}";
}
