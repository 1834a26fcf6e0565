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

    /// <summary>The result of a step is dropped, at once or by the next of a fold.</summary>
    public static readonly DiagnosticDescriptor DroppedResult = new(
        DiagnosticIds.DroppedResult,
        "Dropped result",
        "'{0}' {1}",
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
        MisspeltMember, ConstantOutOfRange, DroppedResult, Undisposed, ForwardSkipsHooks, ForeignHandle, UnseenWrite, ReplacedWrite, SourceIsBase,
        NegativePosition,
        UnusableModule, MangledName, UnusableComponent, MissingSteps, ReadDisposed, StepsWithoutGeneration, UnequalParts, WrongWidth, NoGradients,
        UnregisteredFields, Unfitting, UnreadSource,
        UnusableCausalModel, UnusableVariable, UnusableDomain, CircularVariables, Uncaused, UnseenCause, UnreadInput,
    }.Concat(DescriptorRules.All.Select(Of)).ToDictionary(descriptor => descriptor.Id);

    /// <summary>Returns the rule with an id.</summary>
    /// <param name="id">The id.</param>
    public static DiagnosticDescriptor ById(string id) => All[id];

    private static DiagnosticDescriptor Of(DescriptorRule rule) =>
        new(rule.Id, rule.Title, rule.Message, rule.IsAboutMeaning ? Meaning : Form, DiagnosticSeverity.Error, true, helpLinkUri: Help(rule.Id));

    // The page lies there in the repository and in the package's folder (~/.nuget/packages/pyvene.typed/VERSION). No link can open by itself: the project has
    // no site, a link belongs to the rule and not to a machine, and the compiler loads this assembly from a copy, which does not know the package's folder.
    private static string Help(string id) => $"docs/diagnostics/{id}.md";
}
