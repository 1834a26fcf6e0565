namespace Pyvene.Typed.Generators.Diagnostics;

/// <summary>
/// Lists the ids of the rules; an id is never used again. 2xx: the use of the library; 3xx: causal models. Those of descriptors stand in
/// <see cref="DescriptorRules"/>.
/// </summary>
internal static class DiagnosticIds
{
    /// <summary>A member does not exist, and another has nearly its name.</summary>
    public const string MisspeltMember = "PVT201";

    /// <summary>A constant is out of the range of a known checkpoint.</summary>
    public const string ConstantOutOfRange = "PVT202";

    /// <summary>The result of a step is dropped.</summary>
    public const string DroppedResult = "PVT203";

    /// <summary>A run, a plan or a model is never disposed.</summary>
    public const string Undisposed = "PVT204";

    /// <summary>A module is run with <c>forward</c>, past its hooks.</summary>
    public const string ForwardSkipsHooks = "PVT205";

    /// <summary>A handle is read in a run of another experiment.</summary>
    public const string ForeignHandle = "PVT206";

    /// <summary>A write is undone before anything sees it.</summary>
    public const string UnseenWrite = "PVT207";

    /// <summary>A write is replaced by another at the same place.</summary>
    public const string ReplacedWrite = "PVT208";

    /// <summary>A prompt is exchanged with itself.</summary>
    public const string SourceIsBase = "PVT209";

    /// <summary>A position is negative.</summary>
    public const string NegativePosition = "PVT210";

    /// <summary>A class with <c>[InterventionModel]</c> cannot offer components.</summary>
    public const string UnusableModule = "PVT211";

    /// <summary>TorchSharp registers an auto-property under a mangled name.</summary>
    public const string MangledName = "PVT212";

    /// <summary>A field cannot become a component.</summary>
    public const string UnusableComponent = "PVT213";

    /// <summary>A step of a generation does not say when it acts.</summary>
    public const string MissingSteps = "PVT214";

    /// <summary>Something is disposed before it can be read.</summary>
    public const string ReadDisposed = "PVT215";

    /// <summary>A step for generated tokens is in a run, which generates none.</summary>
    public const string StepsWithoutGeneration = "PVT216";

    /// <summary>Another number of positions or heads is read than written.</summary>
    public const string UnequalParts = "PVT217";

    /// <summary>A constant, or what learns, has another width than its place.</summary>
    public const string WrongWidth = "PVT218";

    /// <summary>A run that records no gradients is asked for one.</summary>
    public const string NoGradients = "PVT219";

    /// <summary>A class never tells TorchSharp of its fields.</summary>
    public const string UnregisteredFields = "PVT220";

    /// <summary>Something is chosen, given or gone through that is not there, or not yet.</summary>
    public const string Unfitting = "PVT221";

    /// <summary>A source is taken that no step reads.</summary>
    public const string UnreadSource = "PVT222";

    /// <summary>A type with <c>[CausalModel]</c> cannot be a causal model.</summary>
    public const string UnusableCausalModel = "PVT301";

    /// <summary>A property cannot be a variable.</summary>
    public const string UnusableVariable = "PVT302";

    /// <summary>The values of a variable are not of its type.</summary>
    public const string UnusableDomain = "PVT303";

    /// <summary>Variables are computed from each other in a circle.</summary>
    public const string CircularVariables = "PVT304";

    /// <summary>A variable is computed from no other.</summary>
    public const string Uncaused = "PVT305";

    /// <summary>A variable may be computed from what is no variable.</summary>
    public const string UnseenCause = "PVT306";

    /// <summary>Nothing is computed from an input.</summary>
    public const string UnreadInput = "PVT307";
}
