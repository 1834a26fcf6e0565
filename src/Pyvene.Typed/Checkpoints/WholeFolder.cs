namespace Pyvene.Typed.Checkpoints;

/// <summary>Writes a folder that appears whole or not at all.</summary>
internal static class WholeFolder
{
    /// <summary>Fills a new folder beside the place and moves it there at the end.</summary>
    /// <param name="folder">The place; it must not exist, or be empty.</param>
    /// <param name="fill">Writes the files into the folder that it is given.</param>
    /// <exception cref="IOException">The place has files, or cannot be written.</exception>
    public static void Write(string folder, Action<string> fill)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(place) || (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any()))
        {
            throw new IOException($"'{folder}' exists and is not empty. Choose another folder, or delete it first.");
        }

        var temporary = $"{place}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(temporary);
        try
        {
            fill(temporary);
            if (Directory.Exists(place))
            {
                Directory.Delete(place);
            }

            Directory.Move(temporary, place);
        }
        catch
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }

            throw;
        }
    }
}
