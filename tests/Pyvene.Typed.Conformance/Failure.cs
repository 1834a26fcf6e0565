using System.Reflection;

namespace Pyvene.Typed.Conformance;

/// <summary>Puts a failure into words for a report.</summary>
internal static class Failure
{
    private const int LongestMessage = 600;

    /// <summary>The kind of the innermost failure and its message, without the stack trace that native messages carry.</summary>
    public static string Describe(Exception failure)
    {
        while (failure is TargetInvocationException or TypeInitializationException && failure.InnerException is { } inner) failure = inner;
        var message = failure.Message;
        var end = message.IndexOf("\nException raised from", StringComparison.Ordinal);
        message = $"{failure.GetType().Name}: {(end < 0 ? message : message[..end]).ReplaceLineEndings(" ").Trim()}";
        return message.Length <= LongestMessage ? message : message[..LongestMessage] + " …";
    }
}
