namespace Pyvene.Typed.Generators.Diagnostics;

/// <summary>
/// Lists the ids of all rules; an id is never used again. 0xx: the form of a descriptor; 1xx: its meaning; 2xx: the use of the library; 3xx: causal models.
/// </summary>
internal static class DiagnosticIds
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
