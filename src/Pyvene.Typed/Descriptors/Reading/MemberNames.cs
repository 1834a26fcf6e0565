using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Knows the members that the generated types will have, so that none has two meanings.</summary>
/// <param name="source">Takes the errors.</param>
internal sealed class MemberNames(DescriptorSource source)
{
    private static readonly string[] EveryType = ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    private static readonly string[] Lists = [.. HeadKind.All.Select(kind => kind.List)];
    private static readonly string[] EveryModel = [.. Lists, "Create", "Descriptor", "Experiment", "Hub", "Load"];
    private static readonly string[] EveryRow = ["Layer", "Layers", "AllLayers"];
    private static readonly string[] InLayers = [.. EveryRow, "Index", "PrintMembers"];

    private readonly Dictionary<string, Dictionary<string, string>> owners = [];
    private string? model;

    /// <summary>Returns the scope of the members of one layer.</summary>
    /// <param name="stack">The stack.</param>
    public static string LayerScope(string stack) => stack + "[layer]";

    /// <summary>Returns the scope of the members of one layer inside of a layer.</summary>
    /// <param name="stack">The stack.</param>
    public static string SublayerScope(string stack) => stack + "[sublayer]";

    /// <summary>Keeps the name of the model's class, which generated types name everywhere, and what every such class has.</summary>
    /// <param name="type">The class's name, or <see langword="null"/> when it is missing.</param>
    public void ReserveModel(JsonValue? type)
    {
        model = type?.Text;
        foreach (var name in EveryModel) Names("")[name] = "";
        if (type is not null && (EveryModel.Contains(type.Text) || InLayers.Contains(type.Text) || EveryType.Contains(type.Text)))
        {
            source.Report(DescriptorRules.DuplicateName, type.Span, type.Text, type.Text, "the class", "has a member of that name");
        }
    }

    /// <summary>Adds a member, or reports that its name is taken.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="name">The name in the descriptor.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="span">Where the name stands.</param>
    public void Add(string scope, string name, string member, TextRange span)
    {
        var names = Names(scope);
        if (!names.TryGetValue(member, out var owner)) names.Add(member, name);
        else source.Report(DescriptorRules.DuplicateName, span, name, member, ScopeInWords(scope), owner.Length == 0
            ? "has a meaning of its own there"
            : $"'{owner}' becomes too");
    }

    /// <summary>Adds the members that a row of layers makes.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="span">Where the row names its stack, or its type.</param>
    /// <param name="type">The type of a layer.</param>
    public void AddRow(string stack, TextRange span, JsonValue type)
    {
        if (stack.Length > 0) AddStack(stack, span);
        if (Names(stack).ContainsKey("Layer"))
        {
            source.Report(DescriptorRules.DuplicateName, span, type.Text, "Layer", ScopeInWords(stack), "another row of layers has");
            return;
        }

        foreach (var name in EveryRow)
        {
            Add(stack, type.Text, name, span);
            Names(stack)[name] = "";
        }

        Add(stack, type.Text, type.Text, type.Span);
        foreach (var name in (string[])["Clone", "Index", "PrintMembers", type.Text]) Names(LayerScope(stack))[name] = "";
        RefuseIndex(stack, type);
    }

    /// <summary>Adds the members that a row of layers inside of another makes.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="type">The type of a layer of it.</param>
    public void AddInnerRow(string stack, JsonValue type)
    {
        Add(stack, type.Text, type.Text, type.Span);
        Add(LayerScope(stack), type.Text, type.Text, type.Span);
        foreach (var name in (string[])["Clone", "Index", "Layer", "PrintMembers", type.Text]) Names(SublayerScope(stack))[name] = "";
    }

    /// <summary>Adds the class that a stack makes, once.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="span">Where it is named first.</param>
    public void AddStack(string stack, TextRange span)
    {
        if (owners.ContainsKey(stack)) return;
        var type = CSharpNames.Pascal(stack);
        foreach (var name in (string[])[type, .. Lists]) Names(stack)[name] = "";
        Add("", stack, type, span);
    }

    // A layer has its index, and a type cannot have a member of its own name.
    private void RefuseIndex(string stack, JsonValue type)
    {
        if (type.Text is "Index" or "PrintMembers")
        {
            source.Report(DescriptorRules.DuplicateName, type.Span, type.Text, type.Text, ScopeInWords(LayerScope(stack)), "has a member of that name");
        }
    }

    private static string ScopeInWords(string scope) =>
        scope.Length == 0 ? "the class" : scope.Replace("[layer]", " layer").Replace("[sublayer]", " sublayer").Trim();

    private Dictionary<string, string> Names(string scope)
    {
        if (owners.TryGetValue(scope, out var names)) return names;
        owners.Add(scope, names = []);
        foreach (var name in EveryType) names.Add(name, "");
        if (model is not null) names[model] = "";
        return names;
    }
}
