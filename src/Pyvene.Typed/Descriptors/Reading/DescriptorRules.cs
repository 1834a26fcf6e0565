using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Holds the ids and the texts of the rules for descriptors. 0xx: the form of a descriptor; 1xx: its meaning.</summary>
/// <remarks>
/// The library and the generator compile this folder, so that a descriptor is refused in the same words by the compiler and when a program reads it.
/// </remarks>
internal static class DescriptorRules
{
    /// <summary>The file is not JSON.</summary>
    public const string MalformedJson = "PVT001";

    /// <summary>A key is unknown.</summary>
    public const string UnknownKey = "PVT002";

    /// <summary>A key is missing.</summary>
    public const string MissingKey = "PVT003";

    /// <summary>A value is of the wrong kind.</summary>
    public const string WrongValue = "PVT004";

    /// <summary>A key stands twice in one object.</summary>
    public const string RepeatedKey = "PVT005";

    /// <summary>A name cannot become a name in C#.</summary>
    public const string BadName = "PVT006";

    /// <summary>A module path cannot be read.</summary>
    public const string BadPath = "PVT007";

    /// <summary>A size expression cannot be read.</summary>
    public const string BadExpression = "PVT008";

    /// <summary>The file is larger than any descriptor.</summary>
    public const string TooLarge = "PVT009";

    /// <summary>The generator failed on the file.</summary>
    public const string GeneratorFailed = "PVT010";

    /// <summary>Two members of one generated type have one name.</summary>
    public const string DuplicateName = "PVT101";

    /// <summary>An axis is unknown.</summary>
    public const string UnknownAxis = "PVT102";

    /// <summary>A size is unknown.</summary>
    public const string UnknownSize = "PVT103";

    /// <summary>A step of a view cannot be done, or does not give the axes.</summary>
    public const string ImpossibleView = "PVT104";

    /// <summary>A class is unknown.</summary>
    public const string UnknownClass = "PVT105";

    /// <summary>Two descriptors make one type.</summary>
    public const string DuplicateType = "PVT106";

    /// <summary>A path or a stack names layers that no row of layers describes.</summary>
    public const string UnknownLayers = "PVT107";

    /// <summary>A checkpoint's size is missing or out of range.</summary>
    public const string BadCheckpoint = "PVT108";

    /// <summary>A component is unknown.</summary>
    public const string UnknownComponent = "PVT109";

    /// <summary>A sum adds up what does not fit.</summary>
    public const string ImpossibleSum = "PVT110";

    /// <summary>A module path leads nowhere in the class that the descriptor serves.</summary>
    public const string MissingModule = "PVT111";

    /// <summary>A module does not take or return what a component is.</summary>
    public const string MissingTensor = "PVT112";

    /// <summary>Another descriptor has the architecture's key.</summary>
    public const string TakenKey = "PVT113";

    /// <summary>A size is computed from itself.</summary>
    public const string CircularSize = "PVT114";

    /// <summary>Two components are one place.</summary>
    public const string SamePlace = "PVT115";

    /// <summary>The program has the type already.</summary>
    public const string TakenType = "PVT116";

    /// <summary>A descriptor is like one that there is not.</summary>
    public const string UnknownBase = "PVT117";

    /// <summary>Descriptors are like each other in a circle.</summary>
    public const string CircularBase = "PVT118";

    /// <summary>Gets all of them, in the order of their ids.</summary>
    public static IReadOnlyList<DescriptorRule> All { get; } =
    [
        new(MalformedJson, "Descriptor is not JSON", "The descriptor is not valid JSON: {0}"),
        new(UnknownKey, "Unknown key", "Key '{0}' is unknown in {1}; {2}"),
        new(MissingKey, "Missing key", "Key '{0}' is missing in {1}; add it"),
        new(WrongValue, "Wrong kind of value", "{0} must be {1}, but is {2}"),
        new(RepeatedKey, "Repeated key", "Key '{0}' stands twice in {1}; remove one"),
        new(BadName, "Unusable name", "'{0}' cannot be the name of {1}; {2}"),
        new(BadPath, "Unreadable module path", "Module path '{0}' cannot be read; write names with dots and indices in brackets, such as 'h[layer].mlp'"),
        new(
            BadExpression,
            "Unreadable size",
            "Size '{0}' cannot be read; write names and whole numbers with '*', '/' and '+' between them, such as 'dModel/heads'"),
        new(TooLarge, "Descriptor too large", "The descriptor has {0}; {1}"),
        new(GeneratorFailed, "Generator failed", "The generator failed on this descriptor ({0}), so it makes nothing of it; please report that, with the file"),
        new(DuplicateName, "Duplicate name", "'{0}' becomes '{1}' in '{2}', which {3}; choose another name"),
        new(UnknownAxis, "Unknown axis", "Axis '{0}' is unknown in '{1}'; {2}"),
        new(UnknownSize, "Unknown size", "Size '{0}' is unknown in '{1}'; {2}"),
        new(ImpossibleView, "Impossible view", "The view of '{0}' is impossible: {1}; {2}"),
        new(UnknownClass, "Unknown class", "Class '{0}' is unknown in '{1}'; {2}"),
        new(DuplicateType, "Type made twice", "Type '{0}' is also made by '{1}'; choose another type in one of the two descriptors"),
        new(UnknownLayers, "Unknown layers", "'{0}' is in a layer of {1}, but 'layers' has no such row; add one, or name another stack"),
        new(BadCheckpoint, "Unusable checkpoint", "Checkpoint '{0}' {1}; {2}"),
        new(UnknownComponent, "Unknown component", "Component '{0}' is unknown in '{1}'; {2}"),
        new(ImpossibleSum, "Impossible sum", "'{0}' cannot be a term of '{1}'; {2}"),
        new(MissingModule, "Missing module", "Module path '{0}' leads nowhere in '{1}': {2}; {3}"),
        new(MissingTensor, "Missing tensor", "'{0}' cannot be {1} of '{2}': {3}; {4}"),
        new(TakenKey, "Key taken", "Architecture '{0}' is also {1}; choose another key"),
        new(CircularSize, "Circular size", "Size '{0}' is computed from itself ({1}); name a field of the configuration or a number in one of them"),
        new(SamePlace, "Same place twice", "'{0}' is the same place as '{1}' in '{2}'; remove one of the two"),
        new(TakenType, "Type taken", "Type '{0}' is also {1}; choose another type"),
        new(UnknownBase, "Unknown base", "Nothing that the descriptor could be like is called '{0}'; {1}"),
        new(CircularBase, "Circular base", "Architecture '{0}' is like itself ({1}); write one of them out"),
    ];

    /// <summary>Returns what is said of an error.</summary>
    /// <param name="id">The rule's id.</param>
    /// <param name="arguments">The arguments of the message.</param>
    public static string Message(string id, IEnumerable<string> arguments) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, All.First(rule => rule.Id == id).Message, [.. arguments]);
}
