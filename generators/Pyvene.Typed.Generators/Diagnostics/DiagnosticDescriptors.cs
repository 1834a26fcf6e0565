using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Diagnostics;

/// <summary>Holds the texts of all rules. Arguments that end a message say what to do.</summary>
internal static class DiagnosticDescriptors
{
    private const string Form = "Pyvene.Typed.DescriptorForm";
    private const string Meaning = "Pyvene.Typed.DescriptorMeaning";
    private const string Usage = "Pyvene.Typed.Usage";
    private const string Causes = "Pyvene.Typed.CausalModels";

    /// <summary>The file is not JSON.</summary>
    public static readonly DiagnosticDescriptor MalformedJson = new(
        DiagnosticIds.MalformedJson, "Descriptor is not JSON", "The descriptor is not valid JSON: {0}", Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.MalformedJson));

    /// <summary>A key is unknown.</summary>
    public static readonly DiagnosticDescriptor UnknownKey = new(
        DiagnosticIds.UnknownKey, "Unknown key", "Key '{0}' is unknown in {1}; {2}", Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.UnknownKey));

    /// <summary>A key is missing.</summary>
    public static readonly DiagnosticDescriptor MissingKey = new(
        DiagnosticIds.MissingKey, "Missing key", "Key '{0}' is missing in {1}; add it", Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.MissingKey));

    /// <summary>A value is of the wrong kind.</summary>
    public static readonly DiagnosticDescriptor WrongValue = new(
        DiagnosticIds.WrongValue, "Wrong kind of value", "{0} must be {1}, but is {2}", Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.WrongValue));

    /// <summary>A key stands twice in one object.</summary>
    public static readonly DiagnosticDescriptor RepeatedKey = new(
        DiagnosticIds.RepeatedKey, "Repeated key", "Key '{0}' stands twice in {1}; remove one", Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.RepeatedKey));

    /// <summary>A name cannot become a name in C#.</summary>
    public static readonly DiagnosticDescriptor BadName = new(
        DiagnosticIds.BadName, "Unusable name", "'{0}' cannot be the name of {1}; {2}", Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.BadName));

    /// <summary>A module path cannot be read.</summary>
    public static readonly DiagnosticDescriptor BadPath = new(
        DiagnosticIds.BadPath,
        "Unreadable module path",
        "Module path '{0}' cannot be read; write names with dots and indices in brackets, such as 'h[layer].mlp'",
        Form,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.BadPath));

    /// <summary>A size expression cannot be read.</summary>
    public static readonly DiagnosticDescriptor BadExpression = new(
        DiagnosticIds.BadExpression,
        "Unreadable size",
        "Size '{0}' cannot be read; write names and whole numbers with '*', '/' and '+' between them, such as 'dModel/heads'",
        Form,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.BadExpression));

    /// <summary>The file is larger than any descriptor.</summary>
    public static readonly DiagnosticDescriptor TooLarge = new(
        DiagnosticIds.TooLarge, "Descriptor too large", "The descriptor has {0}; {1}", Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.TooLarge));

    /// <summary>The generator failed on the file.</summary>
    public static readonly DiagnosticDescriptor GeneratorFailed = new(
        DiagnosticIds.GeneratorFailed,
        "Generator failed",
        "The generator failed on this descriptor ({0}), so it makes nothing of it; please report that, with the file",
        Form,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.GeneratorFailed));

    /// <summary>Two members of one generated type have one name.</summary>
    public static readonly DiagnosticDescriptor DuplicateName = new(
        DiagnosticIds.DuplicateName,
        "Duplicate name",
        "'{0}' becomes '{1}' in '{2}', which {3}; choose another name",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.DuplicateName));

    /// <summary>An axis is unknown.</summary>
    public static readonly DiagnosticDescriptor UnknownAxis = new(
        DiagnosticIds.UnknownAxis, "Unknown axis", "Axis '{0}' is unknown in '{1}'; {2}", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.UnknownAxis));

    /// <summary>A size is unknown.</summary>
    public static readonly DiagnosticDescriptor UnknownSize = new(
        DiagnosticIds.UnknownSize, "Unknown size", "Size '{0}' is unknown in '{1}'; {2}", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.UnknownSize));

    /// <summary>A step of a view cannot be done, or does not give the axes.</summary>
    public static readonly DiagnosticDescriptor ImpossibleView = new(
        DiagnosticIds.ImpossibleView,
        "Impossible view",
        "The view of '{0}' is impossible: {1}; {2}",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.ImpossibleView));

    /// <summary>A class is unknown.</summary>
    public static readonly DiagnosticDescriptor UnknownClass = new(
        DiagnosticIds.UnknownClass, "Unknown class", "Class '{0}' is unknown in '{1}'; {2}", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.UnknownClass));

    /// <summary>Two descriptors make one type.</summary>
    public static readonly DiagnosticDescriptor DuplicateType = new(
        DiagnosticIds.DuplicateType,
        "Type made twice",
        "Type '{0}' is also made by '{1}'; choose another type in one of the two descriptors",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.DuplicateType));

    /// <summary>A path or a stack names layers that no row of layers describes.</summary>
    public static readonly DiagnosticDescriptor UnknownLayers = new(
        DiagnosticIds.UnknownLayers,
        "Unknown layers",
        "'{0}' is in a layer of {1}, but 'layers' has no such row; add one, or name another stack",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnknownLayers));

    /// <summary>A checkpoint's size is missing or out of range.</summary>
    public static readonly DiagnosticDescriptor BadCheckpoint = new(
        DiagnosticIds.BadCheckpoint, "Unusable checkpoint", "Checkpoint '{0}' {1}; {2}", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.BadCheckpoint));

    /// <summary>A component is unknown.</summary>
    public static readonly DiagnosticDescriptor UnknownComponent = new(
        DiagnosticIds.UnknownComponent,
        "Unknown component",
        "Component '{0}' is unknown in '{1}'; {2}",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnknownComponent));

    /// <summary>A sum adds up what does not fit.</summary>
    public static readonly DiagnosticDescriptor ImpossibleSum = new(
        DiagnosticIds.ImpossibleSum, "Impossible sum", "'{0}' cannot be a term of '{1}'; {2}", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.ImpossibleSum));

    /// <summary>A module path leads nowhere in the class that the descriptor serves.</summary>
    public static readonly DiagnosticDescriptor MissingModule = new(
        DiagnosticIds.MissingModule,
        "Missing module",
        "Module path '{0}' leads nowhere in '{1}': {2}; {3}",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.MissingModule));

    /// <summary>A module does not take or return what a component is.</summary>
    public static readonly DiagnosticDescriptor MissingTensor = new(
        DiagnosticIds.MissingTensor, "Missing tensor", "'{0}' cannot be {1} of '{2}': {3}; {4}", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.MissingTensor));

    /// <summary>Another descriptor has the architecture's key.</summary>
    public static readonly DiagnosticDescriptor TakenKey = new(
        DiagnosticIds.TakenKey, "Key taken", "Architecture '{0}' is also {1}; choose another key", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.TakenKey));

    /// <summary>A size is computed from itself.</summary>
    public static readonly DiagnosticDescriptor CircularSize = new(
        DiagnosticIds.CircularSize,
        "Circular size",
        "Size '{0}' is computed from itself ({1}); name a field of the configuration or a number in one of them",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.CircularSize));

    /// <summary>Two components are one place.</summary>
    public static readonly DiagnosticDescriptor SamePlace = new(
        DiagnosticIds.SamePlace,
        "Same place twice",
        "'{0}' is the same place as '{1}' in '{2}'; remove one of the two",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.SamePlace));

    /// <summary>The program has the type already.</summary>
    public static readonly DiagnosticDescriptor TakenType = new(
        DiagnosticIds.TakenType, "Type taken", "Type '{0}' is also {1}; choose another type", Meaning, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.TakenType));

    /// <summary>A descriptor is like one that there is not.</summary>
    public static readonly DiagnosticDescriptor UnknownBase = new(
        DiagnosticIds.UnknownBase,
        "Unknown base",
        "Nothing that the descriptor could be like is called '{0}'; {1}",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnknownBase));

    /// <summary>Descriptors are like each other in a circle.</summary>
    public static readonly DiagnosticDescriptor CircularBase = new(
        DiagnosticIds.CircularBase,
        "Circular base",
        "Architecture '{0}' is like itself ({1}); write one of them out",
        Meaning,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.CircularBase));

    /// <summary>A member does not exist, and another has nearly its name.</summary>
    public static readonly DiagnosticDescriptor MisspeltMember = new(
        DiagnosticIds.MisspeltMember,
        "Misspelt member",
        "'{0}' has no member '{1}'; did you mean '{2}'?",
        Usage,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.MisspeltMember));

    /// <summary>A constant is out of the range of a known checkpoint.</summary>
    public static readonly DiagnosticDescriptor ConstantOutOfRange = new(
        DiagnosticIds.ConstantOutOfRange,
        "Constant out of range",
        "{0} is out of range for '{1}' of '{2}'; {3}",
        Usage,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.ConstantOutOfRange));

    /// <summary>The result of a step is dropped.</summary>
    public static readonly DiagnosticDescriptor DroppedResult = new(
        DiagnosticIds.DroppedResult,
        "Dropped result",
        "'{0}' changes nothing, it returns a new value, which is dropped here; {1}",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.DroppedResult));

    /// <summary>A run, a plan or a model is never disposed.</summary>
    public static readonly DiagnosticDescriptor Undisposed = new(
        DiagnosticIds.Undisposed,
        "Never disposed",
        "The {0} that '{1}' returns is never disposed, so its tensors or hooks stay; {2}",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.Undisposed));

    /// <summary>A module is run with <c>forward</c>, past its hooks.</summary>
    public static readonly DiagnosticDescriptor ForwardSkipsHooks = new(
        DiagnosticIds.ForwardSkipsHooks,
        "Hooks are skipped",
        "'{0}' is run with 'forward', which no hook sees, so no intervention acts in it; use 'call'",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.ForwardSkipsHooks));

    /// <summary>A handle is read in a run of another experiment.</summary>
    public static readonly DiagnosticDescriptor ForeignHandle = new(
        DiagnosticIds.ForeignHandle,
        "Handle of another experiment",
        "'{1}' is a run of an experiment without the step that gave '{0}', so it throws; read a handle in a run of its own experiment",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.ForeignHandle));

    /// <summary>A write is undone before anything sees it.</summary>
    public static readonly DiagnosticDescriptor UnseenWrite = new(
        DiagnosticIds.UnseenWrite,
        "Unseen write",
        "Nothing sees '{0}' at {1}: '{2}' at {3} replaces all that goes on from there; drop one of the two",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.UnseenWrite));

    /// <summary>A write is replaced by another at the same place.</summary>
    public static readonly DiagnosticDescriptor ReplacedWrite = new(
        DiagnosticIds.ReplacedWrite,
        "Replaced write",
        "Nothing is left of '{0}' at {1}: '{2}' replaces the values there; drop one of the two",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.ReplacedWrite));

    /// <summary>A prompt is exchanged with itself.</summary>
    public static readonly DiagnosticDescriptor SourceIsBase = new(
        DiagnosticIds.SourceIsBase,
        "Source is the base",
        "Base and source are both {0}, so exchanging their values changes nothing; give another source",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.SourceIsBase));

    /// <summary>A position is negative.</summary>
    public static readonly DiagnosticDescriptor NegativePosition = new(
        DiagnosticIds.NegativePosition,
        "Negative position",
        "Position {0} is before the start, and this throws; write '{1}' for a position from the end",
        Usage,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.NegativePosition));

    /// <summary>A class with <c>[InterventionModel]</c> cannot offer components.</summary>
    public static readonly DiagnosticDescriptor UnusableModule = new(
        DiagnosticIds.UnusableModule, "Unusable module", "'{0}' cannot offer components: {1}; {2}", Usage, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.UnusableModule));

    /// <summary>TorchSharp registers an auto-property under a mangled name.</summary>
    public static readonly DiagnosticDescriptor MangledName = new(
        DiagnosticIds.MangledName,
        "Mangled name",
        "TorchSharp registers the property '{0}' as '{1}', so it offers no component and its weights have that name; "
            + "add [field: ComponentName(Name = \"{2}\")]",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.MangledName));

    /// <summary>A field cannot become a component.</summary>
    public static readonly DiagnosticDescriptor UnusableComponent = new(
        DiagnosticIds.UnusableComponent, "Unusable component", "'{0}' {1}; {2}", Usage, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.UnusableComponent));

    /// <summary>A step of a generation does not say when it acts.</summary>
    public static readonly DiagnosticDescriptor MissingSteps = new(
        DiagnosticIds.MissingSteps,
        "No steps are said",
        "{0} does not say when in the generation it is acted on, and this throws; add During(Steps.Prompt), During(Steps.Each) or During(Steps.At(…))",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.MissingSteps));

    /// <summary>Something is disposed before it can be read.</summary>
    public static readonly DiagnosticDescriptor ReadDisposed = new(
        DiagnosticIds.ReadDisposed,
        "Read when disposed",
        "'{0}' is disposed before it can be read; {1}",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.ReadDisposed));

    /// <summary>A step for generated tokens is in a run, which generates none.</summary>
    public static readonly DiagnosticDescriptor StepsWithoutGeneration = new(
        DiagnosticIds.StepsWithoutGeneration,
        "Steps without a generation",
        "{0} is for tokens that are generated, but '{1}' is one forward pass, and this throws; leave During out, or call Generate",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.StepsWithoutGeneration));

    /// <summary>Another number of positions or heads is read than written.</summary>
    public static readonly DiagnosticDescriptor UnequalParts = new(
        DiagnosticIds.UnequalParts,
        "Unequal parts",
        "'{0}' reads {1}, but '{2}' writes {3}, and this throws; read as many as are written",
        Usage,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnequalParts));

    /// <summary>A constant, or what learns, has another width than its place.</summary>
    public static readonly DiagnosticDescriptor WrongWidth = new(
        DiagnosticIds.WrongWidth,
        "Wrong width",
        "'{0}' is {1} wide, but '{2}' is {3} wide, and this throws; make it {3} wide",
        Usage,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.WrongWidth));

    /// <summary>A run that records no gradients is asked for one.</summary>
    public static readonly DiagnosticDescriptor NoGradients = new(
        DiagnosticIds.NoGradients,
        "No gradients are recorded",
        "'{0}' {1}",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.NoGradients));

    /// <summary>A class never tells TorchSharp of its fields.</summary>
    public static readonly DiagnosticDescriptor UnregisteredFields = new(
        DiagnosticIds.UnregisteredFields,
        "Fields are not registered",
        "'{0}' never calls RegisterComponents(), so TorchSharp knows none of its modules: it has no parameters, and no intervention acts in it; "
            + "call it at the end of the constructor",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.UnregisteredFields));

    /// <summary>Something is chosen, given or gone through that is not there, or not yet.</summary>
    public static readonly DiagnosticDescriptor Unfitting = new(
        DiagnosticIds.Unfitting, "It does not fit here", "'{0}' does not fit here: {1}", Usage, DiagnosticSeverity.Error, true, helpLinkUri: Help(
            DiagnosticIds.Unfitting));

    /// <summary>A source is taken that no step reads.</summary>
    public static readonly DiagnosticDescriptor UnreadSource = new(
        DiagnosticIds.UnreadSource,
        "Unread source",
        "The experiment takes {0} sources, but no step reads source {1} (they count from 0); read it with From(Source.At({1})), or take fewer",
        Usage,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.UnreadSource));

    /// <summary>A type with <c>[CausalModel]</c> cannot be a causal model.</summary>
    public static readonly DiagnosticDescriptor UnusableCausalModel = new(
        DiagnosticIds.UnusableCausalModel,
        "Unusable causal model",
        "'{0}' cannot be a causal model: {1}; {2}",
        Causes,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnusableCausalModel));

    /// <summary>A property cannot be a variable.</summary>
    public static readonly DiagnosticDescriptor UnusableVariable = new(
        DiagnosticIds.UnusableVariable,
        "Unusable variable",
        "'{0}' cannot be a variable of a causal model: {1}; {2}",
        Causes,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnusableVariable));

    /// <summary>The values of a variable are not of its type.</summary>
    public static readonly DiagnosticDescriptor UnusableDomain = new(
        DiagnosticIds.UnusableDomain,
        "Unusable domain",
        "The values of '{0}' cannot be used: {1}; {2}",
        Causes,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnusableDomain));

    /// <summary>Variables are computed from each other in a circle.</summary>
    public static readonly DiagnosticDescriptor CircularVariables = new(
        DiagnosticIds.CircularVariables,
        "Circular variables",
        "'{0}' is computed from itself: {1}; remove one of these reads",
        Causes,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.CircularVariables));

    /// <summary>A variable is computed from no other.</summary>
    public static readonly DiagnosticDescriptor Uncaused = new(
        DiagnosticIds.Uncaused,
        "Variable without causes",
        "'{0}' reads no variable, so nothing can bring its value about; read one, or make it static",
        Causes,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.Uncaused));

    /// <summary>A variable may be computed from what is no variable.</summary>
    public static readonly DiagnosticDescriptor UnseenCause = new(
        DiagnosticIds.UnseenCause,
        "Unseen cause",
        "'{0}' {1}, so what it is computed from cannot be seen; {2}",
        Causes,
        DiagnosticSeverity.Error,
        true,
        helpLinkUri: Help(DiagnosticIds.UnseenCause));

    /// <summary>Nothing is computed from an input.</summary>
    public static readonly DiagnosticDescriptor UnreadInput = new(
        DiagnosticIds.UnreadInput,
        "Unread input",
        "Nothing is computed from the input '{0}'; read it in a variable, or remove it",
        Causes,
        DiagnosticSeverity.Warning,
        true,
        helpLinkUri: Help(DiagnosticIds.UnreadInput));

    /// <summary>Gets all rules, by id.</summary>
    public static IReadOnlyDictionary<string, DiagnosticDescriptor> All { get; } = new[]
    {
        MalformedJson, UnknownKey, MissingKey, WrongValue, RepeatedKey, BadName, BadPath, BadExpression, TooLarge, GeneratorFailed,
        DuplicateName, UnknownAxis, UnknownSize, ImpossibleView, UnknownClass, DuplicateType, UnknownLayers, BadCheckpoint, UnknownComponent, ImpossibleSum,
        MissingModule, MissingTensor, TakenKey, CircularSize, SamePlace, TakenType, UnknownBase, CircularBase,
        MisspeltMember, ConstantOutOfRange, DroppedResult, Undisposed, ForwardSkipsHooks, ForeignHandle, UnseenWrite, ReplacedWrite, SourceIsBase,
        NegativePosition,
        UnusableModule, MangledName, UnusableComponent, MissingSteps, ReadDisposed, StepsWithoutGeneration, UnequalParts, WrongWidth, NoGradients,
        UnregisteredFields, Unfitting, UnreadSource,
        UnusableCausalModel, UnusableVariable, UnusableDomain, CircularVariables, Uncaused, UnseenCause, UnreadInput,
    }.ToDictionary(descriptor => descriptor.Id);

    /// <summary>Returns the rule with an id.</summary>
    /// <param name="id">The id.</param>
    public static DiagnosticDescriptor ById(string id) => All[id];

    // The page lies in the repository; the project has no site whose address could stand before it.
    private static string Help(string id) => $"docs/diagnostics/{id}.md";
}
