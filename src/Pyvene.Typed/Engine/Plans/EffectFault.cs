using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Engine;

/// <summary>Finds what has no effect, by one rule for runs, generations, streams and sweeps; each answer is the error, or null.</summary>
internal static class EffectFault
{
    /// <summary>What to do about a module that a run did not call.</summary>
    public const string CallIt = "Act at a module that the model's forward pass calls, and call it there with call(…), since forward(…) runs no hooks.";

    /// <summary>Finds the first intervention that made numbers no numbers, or that writes, was reached, changed nothing, and should have.</summary>
    public static InterventionException? Of(
        IEnumerable<EffectReceipt> receipts,
        EffectCheck check) => check == EffectCheck.Report ? null : NotFinite(receipts) ?? NeverRan(receipts) ?? (receipts.FirstOrDefault(IsFault) is { } dead
        ? Error(FormattableString.Invariant(
            $"{dead.Intervention} changed nothing: it fired {dead.Fired} × on {dead.Elements} elements, and every one kept its value up to rounding."))
        : null);

    /// <summary>Finds a sweep in which no cell changed anything, although one should have.</summary>
    /// <param name="cells">What the interventions of every cell did.</param>
    /// <param name="check">What is checked.</param>
    /// <param name="isOnePrompt">Whether a source has the same inputs as the base.</param>
    public static InterventionException? OfSweep(IReadOnlyList<IReadOnlyList<EffectReceipt>> cells, EffectCheck check, bool isOnePrompt) =>
        check == EffectCheck.Report ? null : NotFinite(cells.SelectMany(receipts => receipts))
            ?? (!cells.Any(ChangesAnything) && cells.SelectMany(receipts => receipts).FirstOrDefault(IsFault) is { } dead
                ? Error(FormattableString.Invariant($"No cell of the sweep has an effect: {dead.Intervention} changed nothing, and in all {cells.Count} cells ")
                    + $"every value stayed what it was up to rounding.{(isOnePrompt ? " The base and a source are one prompt." : "")}")
                : null);

    /// <summary>Returns whether anything was changed.</summary>
    public static bool ChangesAnything(IEnumerable<EffectReceipt> receipts) => receipts.Any(receipt => receipt.Writes && receipt.ChangedElements > 0);

    /// <summary>Returns the error of values that were changed and that nothing reads.</summary>
    public static InterventionException Unread(string kept) => Error($"The interventions changed values, but not {kept}: nothing reads what was written.");

    private static InterventionException? NotFinite(IEnumerable<EffectReceipt> receipts) =>
        receipts.FirstOrDefault(receipt => receipt.NotFiniteElements > 0) is { } broken
            ? new InterventionException(
                "effect",
                string.Create(CultureInfo.InvariantCulture, $"{broken.Intervention} made {broken.NotFiniteElements} of {broken.Elements} elements ")
                    + "NaN or infinite that were finite before. Look for a division by 0, a logarithm, or an overflow in its function; "
                    + "to see what comes of it, run with EffectCheck.Report.")
            : null;

    private static InterventionException? NeverRan(IEnumerable<EffectReceipt> receipts) =>
        receipts.FirstOrDefault(receipt => IsFault(receipt) && receipt.NeverRan is not null) is { } unseen
            ? new InterventionException("component", $"{unseen.Intervention} changed nothing: {unseen.NeverRan} was not called in this run. {CallIt}")
            : null;

    private static bool IsFault(EffectReceipt receipt) => receipt is { IsWithoutEffect: true, MayChangeNothing: false };

    private static InterventionException Error(string problem) => new("effect", $"{problem} If that is a result, run with EffectCheck.Report.");
}
